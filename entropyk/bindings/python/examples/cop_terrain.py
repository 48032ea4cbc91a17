"""A heat pump's COP over both water temperatures, drawn as terrain. Needs vulkan_forge beside entropyk.

python cop_terrain.py [cop.png]
"""

import sys

import numpy as np
import vulkan_forge as vf

import entropyk as ek


def heat_pump() -> ek.System:
    system = ek.System(fluid="R290")
    sink, source = ek.Stream("Water", T=318.15, m=0.4), ek.Stream("Water", T=283.15, m=0.5)
    parts = [
        system.add_component(part)
        for part in (
            ek.Compressor(eta_s=0.7, displacement=2e-3, eta_v=0.9),
            ek.Condenser(ua=1500, pr=1.0, subcooling=3, secondary=sink),
            ek.ExpansionValve(),
            ek.Evaporator(ua=1200, pr=1.0, superheat=5, secondary=source),
        )
    ]
    for i in range(4):
        system.add_edge(parts[i], parts[(i + 1) % 4])
    system.finalize()
    return system


def main(target: str) -> None:
    system = heat_pump()
    ek.NewtonConfig().solve(system)
    sources, sinks = np.linspace(279, 298, 96), np.linspace(303, 338, 96)
    over = {"evaporator.secondary_in.T": sources, "condenser.secondary_in.T": sinks}
    cop = ek.sweep(system, over, "cop_heating")
    # rows run from hot sinks in the distance to cool ones in front, columns from cold sources to warm ones
    picture = vf.render(
        cop[::-1], cmap="viridis", vert_exag=10.0, contours=0.5, base=True, size=(900, 600)
    )
    picture.save(target)
    print(
        f"COP from {np.nanmin(cop):.2f} to {np.nanmax(cop):.2f}, {np.isnan(cop).sum()} points without: {target}"
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "cop.png")
