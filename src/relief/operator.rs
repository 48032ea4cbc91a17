//! What can be asked of a cell and its eight neighbours.

use crate::error::{Error, Result};
use crate::gpu::shaders::kinds;
use crate::scene::vector::direction_deg;

/// Where the light comes from, in degrees.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sun {
    /// Compass bearing, finite.
    pub azimuth_deg: f64,
    /// Above the horizon, 0..=90.
    pub altitude_deg: f64,
}

impl Sun {
    fn check(self) -> Result<()> {
        if !self.azimuth_deg.is_finite() {
            return Err(Error::invalid(format!(
                "azimuth must be finite; got {}; pass the compass bearing in degrees from which the light comes",
                self.azimuth_deg
            )));
        }
        if !(0.0..=90.0).contains(&self.altitude_deg) {
            return Err(Error::invalid(format!(
                "altitude must be in 0..90; got {}; pass degrees above the horizon",
                self.altitude_deg
            )));
        }
        Ok(())
    }

    /// sin(altitude), cos(altitude), and the unit vector's parts to the east and the north; exact
    /// at multiples of 90 degrees.
    fn factors(self) -> [f32; 4] {
        let [_, level, _] = direction_deg(0.0, self.altitude_deg);
        let [east, north, up] = direction_deg(self.azimuth_deg, self.altitude_deg);
        [up, level, east, north].map(|factor| factor as f32)
    }
}

/// How the rise of the ground is estimated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// From all eight neighbours (Horn 1981).
    Horn,
    /// From the four nearest (Zevenbergen and Thorne 1987).
    ZevenbergenThorne,
}

/// One raster of results. The numbers are those of `shaders/local.comp`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Operator {
    /// Cosine of incidence, 0 where the ground turns away.
    Hillshade(Method, Sun),
    /// Light from 225, 270, 315 and 360 degrees, weighted by aspect; the azimuth does not matter.
    HillshadeMultidirectional(Sun),
    /// One less incidence times slope.
    HillshadeCombined(Sun),
    /// One less slope times the turn from the light; the altitude does not matter.
    HillshadeIgor(Sun),
    /// Cosine of incidence, below zero where the ground turns away; the sun may stand anywhere.
    Incidence(Method, Sun),
    /// Degrees, 0..90.
    SlopeDegree(Method),
    /// Rise over run, times 100.
    SlopePercent(Method),
    /// Bearing of the way down in degrees, 0..360, NaN where flat.
    Aspect(Method),
    /// Root of the summed squared differences from the neighbours.
    TriRiley,
    /// Mean of the absolute differences.
    TriWilson,
    /// Height over the neighbours' mean.
    Tpi,
    /// Greatest less least of the nine.
    Roughness,
    /// Along the way down, 1/m, positive where the ground bulges; 0 where flat.
    CurvatureProfile,
    /// Across the way down, 1/m, positive where the ground bulges; 0 where flat.
    CurvaturePlan,
    /// Half the sum of both.
    CurvatureMean,
}

const HILLSHADES: [&str; 5] =
    ["horn", "zevenbergen-thorne", "multidirectional", "combined", "igor"];
const NAMES: [&str; 7] = ["hillshade", "slope", "aspect", "tri", "tpi", "roughness", "curvature"];

impl Operator {
    /// The operator of that name, in the words of users; `variant` is its method, unit or kind,
    /// `method` how the rise is estimated where both can be chosen.
    pub fn named(name: &str, variant: &str, method: &str, sun: Sun) -> Result<Self> {
        let gradient = |argument, word: &str| match word {
            "horn" => Ok(Method::Horn),
            "zevenbergen-thorne" => Ok(Method::ZevenbergenThorne),
            _ => Err(Error::none_of(argument, word, &["horn", "zevenbergen-thorne"])),
        };
        Ok(match (name, variant) {
            ("hillshade", "multidirectional") => Self::HillshadeMultidirectional(sun),
            ("hillshade", "combined") => Self::HillshadeCombined(sun),
            ("hillshade", "igor") => Self::HillshadeIgor(sun),
            ("hillshade", word) => match gradient("method", word) {
                Ok(method) => Self::Hillshade(method, sun),
                Err(_) => return Err(Error::none_of("method", word, &HILLSHADES)),
            },
            ("incidence", word) => Self::Incidence(gradient("method", word)?, sun),
            ("slope", "degree") => Self::SlopeDegree(gradient("method", method)?),
            ("slope", "percent") => Self::SlopePercent(gradient("method", method)?),
            ("slope", word) => return Err(Error::none_of("unit", word, &["degree", "percent"])),
            ("aspect", word) => Self::Aspect(gradient("method", word)?),
            ("tri", "riley") => Self::TriRiley,
            ("tri", "wilson") => Self::TriWilson,
            ("tri", word) => return Err(Error::none_of("method", word, &["riley", "wilson"])),
            ("tpi", _) => Self::Tpi,
            ("roughness", _) => Self::Roughness,
            ("curvature", "mean") => Self::CurvatureMean,
            ("curvature", "plan") => Self::CurvaturePlan,
            ("curvature", "profile") => Self::CurvatureProfile,
            ("curvature", word) => {
                return Err(Error::none_of("kind", word, &["mean", "plan", "profile"]));
            }
            (word, _) => return Err(Error::none_of("operator", word, &NAMES)),
        })
    }

    pub(super) fn check(self) -> Result<()> {
        match self {
            Self::Incidence(_, Sun { azimuth_deg, altitude_deg }) if altitude_deg.is_finite() => {
                Sun { azimuth_deg, altitude_deg: 0.0 }.check()
            }
            _ => self.sun().map_or(Ok(()), Sun::check),
        }
    }

    fn sun(self) -> Option<Sun> {
        match self {
            Self::Hillshade(_, sun)
            | Self::HillshadeMultidirectional(sun)
            | Self::HillshadeCombined(sun)
            | Self::HillshadeIgor(sun)
            | Self::Incidence(_, sun) => Some(sun),
            _ => None,
        }
    }

    /// Factors of its light, or zeros.
    pub(super) fn light(self) -> [f32; 4] {
        let sun = match self {
            Self::HillshadeIgor(sun) => Some(Sun { altitude_deg: 0.0, ..sun }),
            _ => self.sun(),
        };
        sun.map_or([0.0; 4], Sun::factors)
    }

    /// The shader's name for it.
    pub(super) fn code(self) -> kinds::Operator {
        use kinds::Operator as Code;
        let by_method = |method, horn, zevenbergen_thorne| match method {
            Method::Horn => horn,
            Method::ZevenbergenThorne => zevenbergen_thorne,
        };
        match self {
            Self::Hillshade(method, _) => {
                by_method(method, Code::HillshadeHorn, Code::HillshadeZevenbergenThorne)
            }
            Self::HillshadeMultidirectional(_) => Code::HillshadeMultidirectional,
            Self::HillshadeCombined(_) => Code::HillshadeCombined,
            Self::HillshadeIgor(_) => Code::HillshadeIgor,
            Self::SlopeDegree(method) => {
                by_method(method, Code::SlopeDegreeHorn, Code::SlopeDegreeZevenbergenThorne)
            }
            Self::SlopePercent(method) => {
                by_method(method, Code::SlopePercentHorn, Code::SlopePercentZevenbergenThorne)
            }
            Self::Aspect(method) => {
                by_method(method, Code::AspectHorn, Code::AspectZevenbergenThorne)
            }
            Self::TriRiley => Code::TriRiley,
            Self::TriWilson => Code::TriWilson,
            Self::Tpi => Code::Tpi,
            Self::Roughness => Code::Roughness,
            Self::CurvatureProfile => Code::CurvatureProfile,
            Self::CurvaturePlan => Code::CurvaturePlan,
            Self::CurvatureMean => Code::CurvatureMean,
            Self::Incidence(method, _) => {
                by_method(method, Code::IncidenceHorn, Code::IncidenceZevenbergenThorne)
            }
        }
    }
}
