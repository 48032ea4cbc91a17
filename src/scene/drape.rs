//! An image laid on the ground, and how colours blend.

use crate::error::{Error, Result};

/// How a colour goes with the one below it. The numbers are those of `shaders/include/blend.glsl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Blend {
    /// It hides what is below, as far as it is opaque.
    Normal = 0,
    /// The product of both in linear light.
    Multiply = 1,
    /// Darker where the lower one is dark, lighter where it is light; of encoded values.
    Overlay = 2,
    /// The same, more softly.
    SoftLight = 3,
}

impl Blend {
    /// The mode of that name, out of those that `what` takes.
    pub fn parse(name: &str, what: &str, among: &[Self]) -> Result<Self> {
        among.iter().copied().find(|blend| blend.names().contains(&name)).ok_or_else(|| {
            let names: Vec<_> = among.iter().map(|blend| blend.names()[0]).collect();
            Error::none_of(what, name, &names)
        })
    }

    /// How light may fall on colour.
    pub const SHADINGS: [Self; 3] = [Self::Multiply, Self::Overlay, Self::SoftLight];
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Multiply, Self::Overlay, Self::SoftLight];

    /// As users spell it; the first is the name.
    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Normal => ["normal"; 2],
            Self::Multiply => ["multiply"; 2],
            Self::Overlay => ["overlay"; 2],
            Self::SoftLight => ["soft light", "soft"],
        }
    }
}

/// An image on the ground.
#[derive(Clone, Debug)]
pub struct Drape {
    texels: Vec<u32>,
    size: [u32; 2],
    bounds: Option<[f64; 4]>,
    opacity: f32,
    blend: Blend,
}

impl Drape {
    /// `bytes` are sRGB with straight alpha, four a texel, row-major, north-west first, of `size` =
    /// (columns, rows) texels. `bounds` are west, south, east and north of their outer edges in
    /// world metres; None: the DEM's footprint.
    pub fn new(
        bytes: &[u8],
        size: [u32; 2],
        bounds: Option<[f64; 4]>,
        opacity: f64,
        blend: Blend,
    ) -> Result<Self> {
        if size.contains(&0) || bytes.len() as u64 != 4 * u64::from(size[0]) * u64::from(size[1]) {
            return Err(Error::invalid(format!(
                "drape must hold rows x columns x 4 bytes, at least one texel; expected {} x {} x 4, got {}; pass all of them",
                size[1],
                size[0],
                bytes.len()
            )));
        }
        if let Some([west, south, east, north]) = bounds {
            let finite = [west, south, east, north].iter().all(|edge| edge.is_finite());
            if !(finite && west < east && south < north) {
                return Err(Error::invalid(format!(
                    "drape bounds must be finite (west, south, east, north) with west < east and south < north; got \
                     ({west}, {south}, {east}, {north}); pass world metres, or leave them out to cover the DEM"
                )));
            }
        }
        if !(0.0..=1.0).contains(&opacity) {
            return Err(Error::invalid(format!(
                "opacity must be in 0..1; got {opacity}; pass 1 for an image that hides the ground"
            )));
        }
        let texels =
            bytes.chunks_exact(4).map(bytemuck::pod_read_unaligned).map(u32::from_le).collect();
        Ok(Self { texels, size, bounds, opacity: opacity as f32, blend })
    }

    /// Red in the lowest byte, then green, blue and alpha; row-major, north-west first.
    pub fn texels(&self) -> &[u32] {
        &self.texels
    }

    /// Whether every texel is, its opacity aside.
    pub fn is_opaque(&self) -> bool {
        self.texels.iter().fold(u32::MAX, |all, texel| all & texel) >> 24 == 0xff
    }

    /// (columns, rows).
    pub fn size(&self) -> [u32; 2] {
        self.size
    }

    /// West, south, east and north in world metres; None: the DEM's footprint.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        self.bounds
    }

    /// Factor on its alpha, 0..=1.
    pub fn opacity(&self) -> f32 {
        self.opacity
    }

    /// How it goes with the colour map's colours.
    pub fn blend(&self) -> Blend {
        self.blend
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_checked() {
        let make = |bytes: usize, bounds, opacity| {
            Drape::new(&vec![0; bytes], [2, 3], bounds, opacity, Blend::Normal)
        };
        assert_eq!(make(24, None, 1.0).unwrap().texels().len(), 6);
        let refuse = |result: Result<Drape>, text: &str| {
            let message = result.unwrap_err().to_string();
            assert!(message.starts_with(text), "{message}");
        };
        assert!(!make(24, None, 1.0).unwrap().is_opaque());
        let opaque = |last: u8| {
            let mut bytes = vec![255; 24];
            bytes[23] = last;
            Drape::new(&bytes, [2, 3], None, 0.5, Blend::Normal).unwrap().is_opaque()
        };
        assert!(opaque(255) && !opaque(254));
        refuse(make(23, None, 1.0), "drape must hold");
        refuse(make(24, Some([0.0, 0.0, 0.0, 1.0]), 1.0), "drape bounds must be");
        refuse(make(24, Some([0.0, 0.0, f64::NAN, 1.0]), 1.0), "drape bounds must be");
        refuse(make(24, None, 1.1), "opacity must be");
        refuse(make(24, None, f64::NAN), "opacity must be");
    }

    #[test]
    fn names_of_modes() {
        assert_eq!(Blend::parse("soft", "shading", &Blend::SHADINGS).unwrap(), Blend::SoftLight);
        assert_eq!(Blend::parse("normal", "blend", &Blend::ALL).unwrap(), Blend::Normal);
        let message = Blend::parse("normal", "shading", &Blend::SHADINGS).unwrap_err().to_string();
        assert!(
            message.starts_with("shading must be one of \"multiply\", \"overlay\", \"soft light\""),
            "{message}"
        );
    }
}
