//! Quantities that know what they are: a number in SI units, and the units that it may be given in.

/// A unit by its keyword: SI value = factor × number + offset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// The keyword, as `kj_per_kg`.
    pub name: &'static str,
    /// The symbol, as `kJ/kg`.
    pub symbol: &'static str,
    /// What one is, in SI.
    pub factor: f64,
    /// What zero is, in SI.
    pub offset: f64,
}

impl Unit {
    const fn new(name: &'static str, symbol: &'static str, factor: f64, offset: f64) -> Self {
        Self { name, symbol, factor, offset }
    }

    /// The SI value of a number in this unit.
    #[must_use]
    pub fn to_si(&self, number: f64) -> f64 {
        number * self.factor + self.offset
    }

    /// The number of an SI value in this unit.
    #[must_use]
    pub fn of_si(&self, value: f64) -> f64 {
        (value - self.offset) / self.factor
    }
}

/// A kind of quantity.
pub trait Quantity: Copy {
    /// Its name.
    const NAME: &'static str;
    /// Its units, SI first.
    const UNITS: &'static [Unit];
    /// Whether its zero is an agreement, so that a sum of two means nothing.
    const HAS_ORIGIN: bool;
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $origin:literal, [$($unit:expr),+ $(,)?]) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
        pub struct $name(
            /// The value in SI units.
            pub f64,
        );

        impl Quantity for $name {
            const NAME: &'static str = stringify!($name);
            const UNITS: &'static [Unit] = &[$($unit),+];
            const HAS_ORIGIN: bool = $origin;
        }
    };
}

quantity!(
    /// A pressure, Pa.
    Pressure, false,
    [
        Unit::new("pa", "Pa", 1.0, 0.0),
        Unit::new("kpa", "kPa", 1e3, 0.0),
        Unit::new("bar", "bar", 1e5, 0.0),
        Unit::new("psi", "psi", 6894.757293168361, 0.0),
    ]
);
quantity!(
    /// A temperature, K.
    Temperature, true,
    [
        Unit::new("kelvin", "K", 1.0, 0.0),
        Unit::new("celsius", "°C", 1.0, 273.15),
        Unit::new("fahrenheit", "°F", 5.0 / 9.0, 459.67 * 5.0 / 9.0),
    ]
);
quantity!(
    /// A specific enthalpy, J/kg.
    Enthalpy, false,
    [Unit::new("j_per_kg", "J/kg", 1.0, 0.0), Unit::new("kj_per_kg", "kJ/kg", 1e3, 0.0)]
);
quantity!(
    /// A mass flow, kg/s.
    MassFlow, false,
    [Unit::new("kg_per_s", "kg/s", 1.0, 0.0), Unit::new("kg_per_h", "kg/h", 1.0 / 3600.0, 0.0)]
);
