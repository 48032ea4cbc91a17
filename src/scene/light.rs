//! One sun and an even sky.

use super::drape::Blend;
use super::vector::direction_deg;
use crate::error::{Error, Result};

/// Greatest radius of the sun.
const MOST_RADIUS_DEG: f64 = 15.0;

/// How the ground is lit: colour · exposure · (ambient · sky + (1 − ambient) · max(0, n·l) ·
/// visible), sky being 1 without ambient occlusion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Compass bearing from which the sun shines, degrees.
    pub azimuth_deg: f64,
    /// Sun above the horizon, degrees, −90..=90.
    pub altitude_deg: f64,
    /// Angle from the middle of the sun's disc to its edge, degrees, 0..=15; 0: a point, whose
    /// shadows are hard.
    pub sun_radius_deg: f64,
    /// Share of light that reaches every side, 0..=1.
    pub ambient: f64,
    /// Is the ambient light multiplied by the part of the sky that a place sees?
    pub ambient_occlusion: bool,
    /// How far that looks, metres, > 0; None: a sixteenth of the DEM's longer side, within 8 and 24
    /// cells.
    pub occlusion_radius: Option<f64>,
    /// Factor on the lit colour, > 0.
    pub exposure: f64,
    /// Does the ground cast shadows?
    pub shadows: bool,
    /// False: the colour map's colours as they are; the rest is ignored.
    pub lit: bool,
    /// How light goes with colour: one of [`Blend::SHADINGS`].
    pub shading: Blend,
}

impl Default for Light {
    fn default() -> Self {
        Self {
            azimuth_deg: 315.0,
            altitude_deg: 45.0,
            sun_radius_deg: 0.0,
            ambient: 0.35,
            ambient_occlusion: false,
            occlusion_radius: None,
            exposure: 1.0,
            shadows: true,
            lit: true,
            shading: Blend::Multiply,
        }
    }
}

impl Light {
    /// Checks every field's range.
    pub fn validate(&self) -> Result<()> {
        if !self.azimuth_deg.is_finite() {
            return Err(Error::invalid(format!(
                "azimuth must be finite; got {}; pass the compass bearing in degrees from which the sun shines",
                self.azimuth_deg
            )));
        }
        if !(self.altitude_deg.is_finite() && (-90.0..=90.0).contains(&self.altitude_deg)) {
            return Err(Error::invalid(format!(
                "altitude must be finite and in -90..90; got {}; pass degrees above the horizon",
                self.altitude_deg
            )));
        }
        if !(self.sun_radius_deg.is_finite()
            && (0.0..=MOST_RADIUS_DEG).contains(&self.sun_radius_deg))
        {
            return Err(Error::invalid(format!(
                "sun_radius must be finite and in 0..{MOST_RADIUS_DEG}; got {}; pass degrees, 0 for hard shadows, 0.27 for the \
                 sun as it is",
                self.sun_radius_deg
            )));
        }
        if !(self.ambient.is_finite() && (0.0..=1.0).contains(&self.ambient)) {
            return Err(Error::invalid(format!(
                "ambient must be finite and in 0..1; got {}; pass the share of light that reaches every side",
                self.ambient
            )));
        }
        if let Some(radius) = self.occlusion_radius
            && !(radius.is_finite() && radius > 0.0)
        {
            return Err(Error::invalid(format!(
                "radius must be finite and > 0; got {radius}; pass how far ambient occlusion looks, in metres"
            )));
        }
        if self.occlusion_radius.is_some() && !self.ambient_occlusion {
            return Err(Error::invalid(
                "radius must come with ambient occlusion; got a radius alone; pass ambient_occlusion=True too",
            ));
        }
        if !(self.exposure.is_finite()
            && self.exposure > 0.0
            && self.exposure <= f64::from(f32::MAX))
        {
            return Err(Error::invalid(format!(
                "exposure must be finite and > 0; got {}; pass 1 to leave brightness as it is",
                self.exposure
            )));
        }
        Ok(())
    }

    /// Whether the sun is a disc. Smaller ones than a hundredth of the real one have no penumbra
    /// that could be seen.
    pub fn has_soft_sun(&self) -> bool {
        self.sun_radius_deg > 0.0025
    }

    /// Whether any of the sun is above the horizon. Else it lights nothing, however the ground
    /// slopes.
    pub fn is_up(&self) -> bool {
        self.altitude_deg + if self.has_soft_sun() { self.sun_radius_deg } else { 0.0 } >= 0.0
    }

    /// Whether the sun's light depends on what stands before it.
    pub fn casts_shadows(&self) -> bool {
        self.shadows && self.lit && self.is_up()
    }

    /// Whether a picture needs to know how much of the sky each place sees.
    pub fn has_occlusion(&self) -> bool {
        self.lit && self.ambient_occlusion
    }

    /// Unit vector towards the sun: (cos alt · sin az, cos alt · cos az, sin alt), exact at
    /// multiples of 90 degrees.
    pub fn to_sun(&self) -> [f64; 3] {
        direction_deg(self.azimuth_deg, self.altitude_deg)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sun_stands_at_its_bearing() {
        let sun = |azimuth_deg, altitude_deg| {
            Light { azimuth_deg, altitude_deg, ..Light::default() }.to_sun()
        };
        assert_eq!(sun(90.0, 0.0), [1.0, 0.0, 0.0]);
        assert_eq!(sun(123.0, 90.0), [0.0, 0.0, 1.0]);
        let northwest = sun(315.0, 45.0);
        assert!((northwest[0] + 0.5).abs() < 1e-15 && (northwest[1] - 0.5).abs() < 1e-15);
    }

    #[test]
    fn ranges_are_checked() {
        assert!(Light::default().validate().is_ok());
        let refuse = |light: Light, text: &str| {
            let message = light.validate().unwrap_err().to_string();
            assert!(message.starts_with(text), "{message}");
        };
        refuse(Light { azimuth_deg: f64::NAN, ..Light::default() }, "azimuth must be finite");
        refuse(
            Light { altitude_deg: 90.1, ..Light::default() },
            "altitude must be finite and in -90..90",
        );
        refuse(
            Light { sun_radius_deg: 15.1, ..Light::default() },
            "sun_radius must be finite and in 0..15",
        );
        refuse(Light { sun_radius_deg: f64::NAN, ..Light::default() }, "sun_radius must be finite");
        refuse(Light { ambient: -0.1, ..Light::default() }, "ambient must be finite and in 0..1");
        refuse(
            Light { ambient_occlusion: true, occlusion_radius: Some(0.0), ..Light::default() },
            "radius must be finite and > 0",
        );
        refuse(
            Light { occlusion_radius: Some(9.0), ..Light::default() },
            "radius must come with ambient occlusion",
        );
        refuse(Light { exposure: 0.0, ..Light::default() }, "exposure must be finite and > 0");
        refuse(Light { exposure: 1e300, ..Light::default() }, "exposure must be finite and > 0");
    }
}
