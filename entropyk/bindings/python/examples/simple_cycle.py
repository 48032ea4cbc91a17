"""A heat pump between two waters, in ten lines, and what is known about it."""

import entropyk as ek

system = ek.System(fluid="R134a")
compressor = system.add_component(ek.Compressor(eta_s=0.75, displacement=0.06))
sink, source = ek.Stream("Water", T=313.15, m=6), ek.Stream("Water", T=288.15, m=8)
condenser = system.add_component(ek.Condenser(ua=25e3, pr=0.99, subcooling=3, secondary=sink))
valve = system.add_component(ek.ExpansionValve())
evaporator = system.add_component(ek.Evaporator(ua=20e3, pr=0.98, superheat=5, secondary=source))
for a, b in [
    (compressor, condenser),
    (condenser, valve),
    (valve, evaporator),
    (evaporator, compressor),
]:
    system.add_edge(a, b)
system.finalize()
solution = ek.NewtonConfig().solve(system)

print(
    f"COP {solution.cop_heating:.3f}, {solution.heat / 1e3:.1f} kW of heat for {solution.power / 1e3:.1f} kW"
)
for name in solution.edges:
    print(f"{name:26s} {solution.mass_flow(name):6.3f} kg/s  {solution.state(name)}")
