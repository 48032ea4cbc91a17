"""Thermodynamic cycles, solved. All numbers are in SI units: Pa, K, J/kg, J/kg/K, kg/m³, kg/s, W."""

import builtins
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Literal, Protocol, SupportsFloat, final, overload

import numpy as np
from numpy.typing import NDArray
from typing_extensions import disjoint_base

_Vector = NDArray[np.float64]

class EntropykError(Exception):
    """What all errors of entropyk are."""

class SolverError(EntropykError):
    """No solution was found; the message says which equations are to blame."""

class ControlSaturationError(SolverError):
    """What was to be held cannot be, within the limits of what is moved; the message has what can be reached."""

class FluidError(EntropykError):
    """A fluid is unknown, or not described at a state; the message has the range."""

class ComponentError(EntropykError):
    """A component was given what it cannot be."""

class TopologyError(EntropykError):
    """A network says too little or too much; the message names the equations and unknowns."""

class ValidationError(EntropykError):
    """An argument is not what it has to be."""

class TimeoutError(SolverError, builtins.TimeoutError):
    """The time allowed for a solution was over."""

    elapsed_ms: float

def fluids() -> list[str]:
    """The names of all fluids with an equation of state; aliases such as "CO2" or "R744" are understood too."""

@final
class State:
    """A fluid in equilibrium. What two phases have none of is None."""

    @property
    def p(self) -> float: ...
    @property
    def T(self) -> float: ...
    @property
    def h(self) -> float: ...
    @property
    def s(self) -> float: ...
    @property
    def rho(self) -> float: ...
    @property
    def u(self) -> float: ...
    @property
    def x(self) -> float | None:
        """Vapour quality; of two phases."""

    @property
    def cp(self) -> float | None: ...
    @property
    def cv(self) -> float | None: ...
    @property
    def w(self) -> float | None:
        """Speed of sound."""

    @property
    def phase(self) -> Literal["liquid", "two-phase", "gas", "supercritical"]: ...
    def derivatives(self) -> list[tuple[str, float]]:
        """Exact derivatives: T_p is dT/dp at constant h, T_h is dT/dh at constant p; of rho and s likewise."""

@final
class Fluid:
    """A pure or pseudo-pure fluid by its Helmholtz equation of state.

    Enthalpies and entropies are counted from each equation's own reference state, so they are CoolProp's.
    The equation is followed up to 1.5 times its greatest temperature; melting is not looked for.
    """

    def __new__(cls, name: str) -> Fluid: ...
    def state(
        self,
        *,
        p: SupportsFloat | None = None,
        T: SupportsFloat | None = None,
        h: SupportsFloat | None = None,
        s: SupportsFloat | None = None,
        x: SupportsFloat | None = None,
    ) -> State:
        """The state at two properties: p h, p s, p T, p x, T x, or h s.

        Raises FluidError outside the fluid's range, and ValueError for another pair.
        """

    def viscosity(self, state: State) -> float:
        """The viscosity of one of its states, Pa s; of two phases, the mean by quality that flows are modelled with.

        Raises FluidError if it is not known: `viscosity_source` is None then.
        """

    def conductivity(self, state: State) -> float:
        """The thermal conductivity of one of its states of one phase, W/m/K.

        Raises FluidError if it is not known: `conductivity_source` is None then.
        """

    def table(self, size: int = 80) -> Table:
        """The fluid in tables of size x size points for liquid and for gas, up to 0.9 of the critical pressure and from 0.55
        to 1.3 of the critical temperature; elsewhere it asks the equation. For pure fluids.
        """

    @property
    def viscosity_source(self) -> str | None:
        """The key of the paper that viscosity is from."""

    @property
    def conductivity_source(self) -> str | None:
        """The key of the paper that thermal conductivity is from."""

    @property
    def name(self) -> str: ...
    @property
    def source(self) -> str:
        """The keys of the papers that the equation is from, in CoolProp's bibliography."""

    @property
    def molar_mass(self) -> float:
        """kg/mol."""

    @property
    def gas_constant(self) -> float:
        """J/kg/K, as the equation itself has it."""

    @property
    def T_critical(self) -> float: ...
    @property
    def p_critical(self) -> float: ...
    @property
    def rho_critical(self) -> float: ...
    @property
    def T_limits(self) -> tuple[float, float]:
        """The temperatures that the equation is meant for."""

    @property
    def p_max(self) -> float: ...
    @property
    def pseudo_pure(self) -> bool:
        """A mixture described as if it were one fluid: it boils over a range of temperatures."""

@final
class Table:
    """A fluid looked up in tables; Fluid.table makes it. It stands wherever a fluid does."""

    def state(
        self,
        *,
        p: SupportsFloat | None = None,
        T: SupportsFloat | None = None,
        h: SupportsFloat | None = None,
        s: SupportsFloat | None = None,
    ) -> State:
        """The state at two properties: p T, p h, or p s."""

    @property
    def name(self) -> str: ...
    @property
    def errors(self) -> list[tuple[str, float]]:
        """The largest errors at 2,000 random states, measured when it was made: of T (K), s (J/kg/K) and rho (relative)."""

def brines() -> list[tuple[str, str]]:
    """The names of all brines, each with what is dissolved in water."""

@final
class Brine:
    """Water with something dissolved, of a share by mass, by Melinder's equations; it does not compress, nor boil.

    Enthalpy and entropy are counted from 0 °C at no pressure. It stands wherever a fluid does.
    """

    def __new__(cls, name: str, share: float) -> Brine: ...
    def state(
        self,
        *,
        p: SupportsFloat | None = None,
        T: SupportsFloat | None = None,
        h: SupportsFloat | None = None,
        s: SupportsFloat | None = None,
    ) -> State:
        """The state at two properties: p T, p h, or p s."""

    @property
    def name(self) -> str: ...
    @property
    def T_freezing(self) -> float: ...

@final
class IdealGas:
    """A fluid's ideal gas, as IdealGas("Air") for dry air: its heat capacity, without what molecules do to each other.

    It stands wherever a fluid does.
    """

    def __new__(cls, name: str) -> IdealGas: ...
    def state(
        self,
        *,
        p: SupportsFloat | None = None,
        T: SupportsFloat | None = None,
        h: SupportsFloat | None = None,
        s: SupportsFloat | None = None,
    ) -> State:
        """The state at two properties: p T, p h, or p s."""

    @property
    def name(self) -> str: ...

class _Said(Protocol):
    p: float
    T: float
    h: float
    s: float
    rho: float

class _Answers(Protocol):
    """The door for fluids that are not here: an object that is asked for its states, with the interpreter held, so slowly.

    state_ph is asked always; state_pt(p, T), state_px(p, x) and state_tx(T, x) only where temperatures, qualities or
    boundaries of phases are given or found. `name` and `boiling_range`, two temperatures, are looked at if there.
    """

    def state_ph(self, p: float, h: float, /) -> _Said: ...

@final
class Pressure:
    """A pressure, in exactly one unit; `float()` gives it in SI units."""

    def __new__(
        cls,
        *,
        pa: float | None = None,
        kpa: float | None = None,
        bar: float | None = None,
        psi: float | None = None,
    ) -> Pressure: ...
    def to_pa(self) -> float: ...
    def to_kpa(self) -> float: ...
    def to_bar(self) -> float: ...
    def to_psi(self) -> float: ...
    def __float__(self) -> float: ...
    def __hash__(self) -> int: ...
    def __lt__(self, other: Pressure, /) -> bool: ...
    def __le__(self, other: Pressure, /) -> bool: ...
    def __gt__(self, other: Pressure, /) -> bool: ...
    def __ge__(self, other: Pressure, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __add__(self, other: Pressure, /) -> Pressure: ...
    def __sub__(self, other: Pressure, /) -> Pressure: ...

@final
class Temperature:
    """A temperature, in exactly one unit; `float()` gives it in SI units."""

    def __new__(
        cls,
        *,
        kelvin: float | None = None,
        celsius: float | None = None,
        fahrenheit: float | None = None,
    ) -> Temperature: ...
    def to_kelvin(self) -> float: ...
    def to_celsius(self) -> float: ...
    def to_fahrenheit(self) -> float: ...
    def __float__(self) -> float: ...
    def __hash__(self) -> int: ...
    def __lt__(self, other: Temperature, /) -> bool: ...
    def __le__(self, other: Temperature, /) -> bool: ...
    def __gt__(self, other: Temperature, /) -> bool: ...
    def __ge__(self, other: Temperature, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __add__(self, other: float, /) -> Temperature:
        """A number of kelvins is added: a sum of two temperatures means nothing."""

    @overload
    def __sub__(self, other: Temperature, /) -> float: ...
    @overload
    def __sub__(self, other: float, /) -> Temperature: ...

@final
class Enthalpy:
    """An enthalpy, in exactly one unit; `float()` gives it in SI units."""

    def __new__(
        cls,
        *,
        j_per_kg: float | None = None,
        kj_per_kg: float | None = None,
    ) -> Enthalpy: ...
    def to_j_per_kg(self) -> float: ...
    def to_kj_per_kg(self) -> float: ...
    def __float__(self) -> float: ...
    def __hash__(self) -> int: ...
    def __lt__(self, other: Enthalpy, /) -> bool: ...
    def __le__(self, other: Enthalpy, /) -> bool: ...
    def __gt__(self, other: Enthalpy, /) -> bool: ...
    def __ge__(self, other: Enthalpy, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __add__(self, other: Enthalpy, /) -> Enthalpy: ...
    def __sub__(self, other: Enthalpy, /) -> Enthalpy: ...

@final
class MassFlow:
    """A mass flow, in exactly one unit; `float()` gives it in SI units."""

    def __new__(
        cls,
        *,
        kg_per_s: float | None = None,
        kg_per_h: float | None = None,
    ) -> MassFlow: ...
    def to_kg_per_s(self) -> float: ...
    def to_kg_per_h(self) -> float: ...
    def __float__(self) -> float: ...
    def __hash__(self) -> int: ...
    def __lt__(self, other: MassFlow, /) -> bool: ...
    def __le__(self, other: MassFlow, /) -> bool: ...
    def __gt__(self, other: MassFlow, /) -> bool: ...
    def __ge__(self, other: MassFlow, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __add__(self, other: MassFlow, /) -> MassFlow: ...
    def __sub__(self, other: MassFlow, /) -> MassFlow: ...

@final
class Stream:
    """What flows on the other side of a heat exchanger: it enters at T and p, and m is its flow, free if not given."""

    def __new__(
        cls,
        fluid: str | Fluid | Table | Brine | IdealGas | _Answers,
        *,
        T: SupportsFloat,
        m: SupportsFloat | None = None,
        p: SupportsFloat = 1e5,
    ) -> Stream: ...

@final
class OperationalState:
    """Whether a component works: ON; OFF, its first stream is shut, with other pressures before and after it; or BYPASS, what
    flows through leaves as it came. What else a component is told counts only while it is ON.
    """

    ON: ClassVar[OperationalState]
    OFF: ClassVar[OperationalState]
    BYPASS: ClassVar[OperationalState]
    def __int__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@disjoint_base
class Component:
    """What all components are. A keyword that is not given is found, and can be read from the solution.

    state: whether it works.
    """

@final
class Ahri540:
    """A compressor's rating by AHRI 540, or EN 12900: X = C1 + C2 S + C3 D + C4 S² + C5 S D + C6 D² + C7 S³ + C8 D S² +
    C9 S D² + C10 D³, over the dew temperatures S of suction and D of discharge.

    mass_flow and power (W) are the coefficients, over °C and kg/s; with imperial over °F and lb/h. It was rated at a superheat
    or a suction_temperature (K); elsewhere flow is corrected by suction density with Dabiri and Rice's factor, and power
    by flow and isentropic work.
    """

    def __new__(
        cls,
        *,
        mass_flow: Sequence[float],
        power: Sequence[float],
        superheat: SupportsFloat | None = None,
        suction_temperature: SupportsFloat | None = None,
        imperial: bool = False,
        factor: SupportsFloat = 0.75,
    ) -> Ahri540: ...

@final
class Compressor(Component):
    """Raises pressure.

    eta_s: isentropic efficiency. pr: outlet over inlet pressure. P: power taken up by the fluid. displacement: the volume
    that is swept in a second, m³/s; eta_v (1 if not given): the share of it that is filled at suction density.
    ahri: a rating, which determines flow and power; P_electric: what it then takes from the mains, of which the share
    heat_loss (0 if not given) does not reach the fluid.
    """

    def __new__(
        cls,
        *,
        eta_s: SupportsFloat | None = None,
        pr: SupportsFloat | None = None,
        P: SupportsFloat | None = None,
        displacement: SupportsFloat | None = None,
        eta_v: SupportsFloat | None = None,
        ahri: Ahri540 | None = None,
        P_electric: SupportsFloat | None = None,
        heat_loss: SupportsFloat | None = None,
        state: OperationalState = OperationalState.ON,
    ) -> Compressor: ...

@final
class ExpansionValve(Component):
    """Lowers pressure at constant enthalpy.

    pr: outlet over inlet pressure. dp: inlet minus outlet pressure. zeta: dp = zeta 8 m |m| v / pi², with the mean v of the
    specific volumes at both ends, 1/m⁴: a friction coefficient over the fourth power of a diameter.
    """

    def __new__(
        cls,
        *,
        pr: SupportsFloat | None = None,
        dp: SupportsFloat | None = None,
        zeta: SupportsFloat | None = None,
        state: OperationalState = OperationalState.ON,
    ) -> ExpansionValve: ...

@final
class Condenser(Component):
    """Gives heat up, to a secondary stream if there is one.

    Q: heat taken up, so below 0. pr, dp: outlet over inlet pressure, inlet minus outlet pressure. subcooling: below the
    bubble line at the outlet. With a secondary stream, in counter-flow: ua, conductance over zones that are cut where
    either stream crosses a saturation line; ka, one logarithmic mean from dew temperature and liquid outlet; ttd_u,
    inlet above the secondary outlet; ttd_l, outlet above the secondary inlet; pinch, the least temperature difference of
    all zones; pr_secondary (1 if not given), dp_secondary and zeta_secondary. zeta: as of an ExpansionValve.
    With secondary=True the second stream is one of the system, connected to (handle, 1), and nothing is said of it by itself.
    area, m², goes by heat transfer coefficients, W/m²/K, of one phase and of two: alpha and alpha_two_phase of the stream,
    alpha_secondary and alpha_secondary_two_phase of the secondary one; all five belong together.
    zeta, pinch, ka and area are found only if something speaks of them; so is ua, if ka or area is given.
    """

    def __new__(
        cls,
        *,
        Q: SupportsFloat | None = None,
        pr: SupportsFloat | None = None,
        dp: SupportsFloat | None = None,
        zeta: SupportsFloat | None = None,
        subcooling: SupportsFloat | None = None,
        ua: SupportsFloat | None = None,
        ka: SupportsFloat | None = None,
        ttd_u: SupportsFloat | None = None,
        ttd_l: SupportsFloat | None = None,
        pinch: SupportsFloat | None = None,
        pr_secondary: SupportsFloat | None = None,
        dp_secondary: SupportsFloat | None = None,
        zeta_secondary: SupportsFloat | None = None,
        area: SupportsFloat | None = None,
        alpha: SupportsFloat | None = None,
        alpha_two_phase: SupportsFloat | None = None,
        alpha_secondary: SupportsFloat | None = None,
        alpha_secondary_two_phase: SupportsFloat | None = None,
        secondary: Stream | bool | None = None,
        state: OperationalState = OperationalState.ON,
    ) -> Condenser: ...

@final
class Evaporator(Component):
    """Takes heat up, from a secondary stream if there is one.

    Q: heat taken up. superheat: above the dew line at the outlet. ka: one logarithmic mean of the temperature differences
    at the ends; ttd_u: secondary inlet above the outlet; ttd_l: secondary outlet above the inlet. The others are those
    of a Condenser.
    """

    def __new__(
        cls,
        *,
        Q: SupportsFloat | None = None,
        pr: SupportsFloat | None = None,
        dp: SupportsFloat | None = None,
        zeta: SupportsFloat | None = None,
        superheat: SupportsFloat | None = None,
        ua: SupportsFloat | None = None,
        ka: SupportsFloat | None = None,
        ttd_u: SupportsFloat | None = None,
        ttd_l: SupportsFloat | None = None,
        pinch: SupportsFloat | None = None,
        pr_secondary: SupportsFloat | None = None,
        dp_secondary: SupportsFloat | None = None,
        zeta_secondary: SupportsFloat | None = None,
        area: SupportsFloat | None = None,
        alpha: SupportsFloat | None = None,
        alpha_two_phase: SupportsFloat | None = None,
        alpha_secondary: SupportsFloat | None = None,
        alpha_secondary_two_phase: SupportsFloat | None = None,
        secondary: Stream | bool | None = None,
        state: OperationalState = OperationalState.ON,
    ) -> Evaporator: ...

@final
class Pump(Component):
    """Raises the pressure of a liquid. volume_flow: m³/s at the inlet; the others are a Compressor's."""

    def __new__(
        cls,
        *,
        eta_s: SupportsFloat | None = None,
        pr: SupportsFloat | None = None,
        P: SupportsFloat | None = None,
        volume_flow: SupportsFloat | None = None,
        state: OperationalState = OperationalState.ON,
    ) -> Pump: ...

@final
class Fan(Component):
    """Raises the pressure of a gas a little. Keywords are a Pump's."""

    def __new__(
        cls,
        *,
        eta_s: SupportsFloat | None = None,
        pr: SupportsFloat | None = None,
        P: SupportsFloat | None = None,
        volume_flow: SupportsFloat | None = None,
        state: OperationalState = OperationalState.ON,
    ) -> Fan: ...

@final
class Pipe(Component):
    """Loses pressure and heat. Q: heat taken up; pr, dp, zeta: as of a Condenser. With ua and T_ambient, heat comes from
    surroundings at T_ambient, by the logarithmic mean of the temperature differences at both ends. With length, diameter and
    roughness (0 if not given), m, the pressure drop is that of friction at the wall, by Colebrook's factor; so the
    fluid's viscosity has to be known.
    """

    def __new__(
        cls,
        *,
        Q: SupportsFloat | None = None,
        pr: SupportsFloat | None = None,
        dp: SupportsFloat | None = None,
        zeta: SupportsFloat | None = None,
        ua: SupportsFloat | None = None,
        T_ambient: SupportsFloat | None = None,
        length: SupportsFloat | None = None,
        diameter: SupportsFloat | None = None,
        roughness: SupportsFloat | None = None,
        state: OperationalState = OperationalState.ON,
    ) -> Pipe: ...

@final
class Turbine(Component):
    """Lowers pressure, and gives work up: P is below 0. eta_s: work over that of an isentropic turbine."""

    def __new__(
        cls,
        *,
        eta_s: SupportsFloat | None = None,
        pr: SupportsFloat | None = None,
        P: SupportsFloat | None = None,
        state: OperationalState = OperationalState.ON,
    ) -> Turbine: ...

@final
class Economizer(Component):
    """Moves heat from the stream of ports 0, the hot one, to that of ports 1, in counter-flow.

    Keywords are those of a Condenser; pr, dp and zeta are the hot stream's, those with _secondary the cold one's, none of
    which has a default; ka is one logarithmic mean of the temperature differences at the ends.
    """

    def __new__(
        cls,
        *,
        Q: SupportsFloat | None = None,
        pr: SupportsFloat | None = None,
        dp: SupportsFloat | None = None,
        zeta: SupportsFloat | None = None,
        ua: SupportsFloat | None = None,
        ka: SupportsFloat | None = None,
        ttd_u: SupportsFloat | None = None,
        ttd_l: SupportsFloat | None = None,
        pinch: SupportsFloat | None = None,
        pr_secondary: SupportsFloat | None = None,
        dp_secondary: SupportsFloat | None = None,
        zeta_secondary: SupportsFloat | None = None,
        area: SupportsFloat | None = None,
        alpha: SupportsFloat | None = None,
        alpha_two_phase: SupportsFloat | None = None,
        alpha_secondary: SupportsFloat | None = None,
        alpha_secondary_two_phase: SupportsFloat | None = None,
        state: OperationalState = OperationalState.ON,
    ) -> Economizer: ...

@final
class FlashEconomizer(Component):
    """Parts liquid and vapour: dry vapour leaves by outlet 0, to be injected, boiling liquid by outlet 1."""

    def __new__(cls) -> FlashEconomizer: ...

@final
class FlowSplitter(Component):
    """One stream becomes several, at outlets 0, 1, ...; equal in pressure and enthalpy."""

    def __new__(cls, branches: int = 2) -> FlowSplitter: ...

@final
class FlowMerger(Component):
    """Several streams, at inlets 0, 1, ... of equal pressure, become one."""

    def __new__(cls, branches: int = 2) -> FlowMerger: ...

@final
class FlowSource(Component):
    """Where a fluid comes from, if need be another than the system's, with what is given about it there."""

    def __new__(
        cls,
        fluid: str | Fluid | Table | Brine | IdealGas | _Answers | None = None,
        *,
        m: SupportsFloat | None = None,
        p: SupportsFloat | None = None,
        T: SupportsFloat | None = None,
        h: SupportsFloat | None = None,
        x: SupportsFloat | None = None,
    ) -> FlowSource: ...

@final
class FlowSink(Component):
    """Where a fluid goes to, with what is given about it there."""

    def __new__(
        cls,
        *,
        m: SupportsFloat | None = None,
        p: SupportsFloat | None = None,
        T: SupportsFloat | None = None,
        h: SupportsFloat | None = None,
        x: SupportsFloat | None = None,
    ) -> FlowSink: ...

@disjoint_base
class Relation:
    """What a value of a system may follow from. Names are those of Solution.keys(); "one" is the number 1."""

@final
class Sum(Relation):
    """A sum of values, each with its factor."""

    def __new__(cls, of: dict[str, float]) -> Sum: ...

@final
class Product(Relation):
    """A factor times values, each with its exponent."""

    def __new__(cls, of: dict[str, float], *, factor: SupportsFloat = 1.0) -> Product: ...

@final
class Curve(Relation):
    """A line through points of rising x, over one value; beyond them it is level, or goes on as its last pieces."""

    def __new__(
        cls, of: str, x: Sequence[float], y: Sequence[float], *, extrapolate: bool = False
    ) -> Curve: ...

@final
class Surface(Relation):
    """A surface over two values, through lines: for each x, which rise, z over y."""

    def __new__(
        cls,
        of: tuple[str, str],
        x: Sequence[float],
        y: Sequence[Sequence[float]],
        z: Sequence[Sequence[float]],
        *,
        extrapolate: bool = False,
    ) -> Surface: ...

@final
class Zero(Relation):
    """A function of values that is zero; called with the interpreter held, and its derivatives are differences."""

    def __new__(cls, of: Sequence[str], function: Callable[..., float]) -> Zero: ...

@final
class System:
    """Components and connections. `system["compressor.eta_s"]` reads a value, or sets one that was given.

    It is pickled as it stands, with the values from which its next solution starts.
    """

    def __new__(cls, fluid: str | Fluid | Table | Brine | IdealGas | _Answers) -> System: ...
    def __copy__(self) -> System: ...
    def __deepcopy__(self, memo: object) -> System:
        """Another system with the same components, connections and values; either changes without the other."""

    def add_component(self, component: Component, name: str | None = None) -> int:
        """Adds a component; its handle. Without a name it is called as its class, in lower case."""

    def add_edge(
        self,
        source: int | tuple[int, int],
        target: int | tuple[int, int],
        name: str | None = None,
        *,
        fluid: str | Fluid | Table | Brine | IdealGas | _Answers | None = None,
        m: SupportsFloat | None = None,
        p: SupportsFloat | None = None,
        h: SupportsFloat | None = None,
        T: SupportsFloat | None = None,
        x: SupportsFloat | None = None,
        superheat: SupportsFloat | None = None,
        subcooling: SupportsFloat | None = None,
        T_dew: SupportsFloat | None = None,
        T_bubble: SupportsFloat | None = None,
        v: SupportsFloat | None = None,
    ) -> int:
        """Connects an outlet with an inlet, with what is given about the fluid there; v is its volume flow.

        An end is a component's handle, or that and the number of the port: (handle, 1) is its second. A fluid, if it is not
        the system's, is that of the whole stream.
        """

    def add_relation(
        self, name: str, relation: Relation, value: SupportsFloat | None = None
    ) -> None:
        """Says what a value follows from: a new one, or one of a component or connection. It is held if `value` is given.

        Of a Zero, the name is for messages only.
        """

    def add_value(self, name: str, value: SupportsFloat | None = None) -> None:
        """A value of one's own, for relations to take; held if `value` is given, else found."""

    def start_from(self, values: dict[str, float]) -> None:
        """Values to start from, as an earlier solution's; those of what is given, and of what is not there, play no part."""

    def add_constraint(self, constraint: Constraint) -> None: ...
    def switch(self, *, hold: list[str] = ..., free: list[str] = ...) -> None:
        """Holds some values as they are now and lets others go: what was found in a design is what its rating is given.

        TopologyError, and no change, if that does not determine the system.
        """

    def finalize(self) -> None:
        """Checks the structure. TopologyError names what is given too much, and what is not determined."""

    @property
    def node_count(self) -> int: ...
    @property
    def edge_count(self) -> int: ...
    @property
    def state_vector_len(self) -> int: ...
    def fluid(self, edge: str) -> str:
        """The name of the fluid in a connection, once the system is finalized."""

    def __getitem__(self, name: str, /) -> float: ...
    def __setitem__(self, name: str, value: SupportsFloat, /) -> None: ...

@final
class Constraint:
    """Holds a value at a target by moving another within limits, as a controller does.

    hold: what is measured, as "condenser.Q" or, of a connection, "suction.superheat". by: something that was given, from
    where it is moved. ControlSaturationError tells what can be reached if that is not enough.
    """

    def __new__(
        cls,
        *,
        hold: str,
        target: SupportsFloat,
        by: str,
        limits: tuple[SupportsFloat, SupportsFloat],
    ) -> Constraint: ...

@final
class Solution:
    """The numbers of one solution; later ones do not change it. It is pickled without its system."""

    @property
    def status(self) -> Literal["converged"]: ...
    @property
    def way(self) -> Literal["newton", "restart", "picard", "homotopy"]:
        """How it was found: only FallbackConfig knows more than one way."""

    @property
    def iterations(self) -> int: ...
    @property
    def state_vector(self) -> _Vector:
        """m, p, h of all connections, one after the other: always the same array, read-only."""

    @property
    def residual_history(self) -> _Vector:
        """The norm of the residuals at each iteration; read-only."""

    def to_numpy(self) -> _Vector:
        """state_vector."""

    @property
    def power(self) -> float:
        """The power of all compressors."""

    @property
    def heat(self) -> float:
        """What all condensers give up."""

    @property
    def cold(self) -> float:
        """What all evaporators take up."""

    @property
    def cop_heating(self) -> float: ...
    @property
    def cop_cooling(self) -> float: ...
    def state(self, edge: str) -> State:
        """The state of the fluid in a connection."""

    def mass_flow(self, edge: str) -> float: ...
    def fluid(self, edge: str) -> str:
        """The name of the fluid in a connection."""

    @property
    def edges(self) -> list[str]: ...
    def keys(self) -> list[str]: ...
    def __getitem__(self, name: str, /) -> float: ...

@final
class NewtonConfig:
    """Newton's method, block after block, with exact Jacobians.

    max_iterations: of one block. tolerance: the largest relative step after which values count as found; what is left is
    about its square. timeout: seconds, after which TimeoutError is raised.
    """

    def __new__(
        cls,
        *,
        max_iterations: int = 60,
        tolerance: float = 1e-8,
        timeout: float | None = None,
    ) -> NewtonConfig: ...
    def solve(self, system: System) -> Solution:
        """Solves a finalized system, starting from its present values. Other threads run meanwhile; Ctrl-C ends it."""

@final
class PicardConfig:
    """Successive substitution: some values are guessed, pressures first, all others follow from them one after the other, and
    the equations that are left correct the guess, with Anderson's acceleration. A SolverError says where it does not get on.

    max_iterations: rounds of one block. tolerance: the largest relative change in a round after which values count as found.
    memory: how many earlier rounds the acceleration looks at. damping: the share of each change that is taken at first.
    """

    def __new__(
        cls,
        *,
        max_iterations: int = 300,
        tolerance: float = 1e-9,
        memory: int = 4,
        damping: float = 0.5,
        timeout: float | None = None,
    ) -> PicardConfig: ...
    def solve(self, system: System) -> Solution:
        """Solves a finalized system, starting from its present values."""

@final
class FallbackConfig:
    """Newton's method; if that fails, the same from a fresh start; then substitution; and then from a relaxed system, whose
    pressures are held and whose conductances are free, which are brought to what was given in steps.

    The timeout of `newton` is that of all attempts together.
    """

    def __new__(
        cls,
        *,
        newton: NewtonConfig | None = None,
        picard: PicardConfig | None = None,
        steps: int = 8,
    ) -> FallbackConfig: ...
    def solve(self, system: System) -> Solution:
        """Solves a finalized system; if no way leads to a solution, the error is that of the first."""

def sweep(
    system: System,
    over: dict[str, Iterable[SupportsFloat]],
    output: str,
    *,
    solver: NewtonConfig | None = None,
) -> NDArray[np.float32]:
    """A map of an output over two inputs, on all cores: (rows, columns), NaN where there is no solution.

    over: {name along columns: values, name along rows: values}, of values that were given to the system. output: a name, or
    "cop_heating", "cop_cooling", "power", "heat", "cold". Solve the system once before, so that the map starts from there.
    """
