//! A scene, and a view of it: what a picture shows, and one picture's parameters.

use super::vector::Vec3;
use super::{
    Camera, Colormap, Detail, Drape, Heightfield, Light, Normals, Scenery, SpaceLayer, Viewpoint,
};
use crate::error::{Error, Result};
use crate::labels::{LabelLayer, Rect};
use std::sync::Arc;

/// Samples per pixel that a picture may have.
pub const SAMPLES: [u32; 5] = [1, 2, 4, 8, 16];
/// Greatest width and height of a picture in pixels.
pub const MAX_SIZE: u32 = 65_535;

/// What a picture shows, whatever its size, but for the ground itself.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Where it is seen from; None: from where all of the ground is in frame.
    pub camera: Option<Viewpoint>,
    /// Bearing from which it is seen by the camera that is used when none is set, in degrees.
    pub seen_from: f64,
    /// Colours by height.
    pub colormap: Colormap,
    /// vmin and vmax in the DEM's own heights; None: the DEM's least and greatest.
    pub range: Option<[f32; 2]>,
    /// sRGB with straight alpha of holes, which are ground then; None: one sees through them.
    pub bad: Option<[f32; 4]>,
    /// Sun and ambient light.
    pub light: Light,
    /// sRGB 0..=1 with straight alpha, where no ground is seen.
    pub background: [f32; 4],
    /// Samples per pixel: 1, 2, 4, 8 or 16.
    pub samples: u32,
    /// How cells are met that are no larger than a pixel.
    pub detail: Detail,
    /// What light falls on.
    pub normals: Normals,
    /// What is drawn beside the bare ground.
    pub scenery: Scenery,
    /// An image on the ground.
    pub drape: Option<Arc<Drape>>,
    /// Things that stand or hang over the ground.
    pub things: Vec<Arc<SpaceLayer>>,
    /// Texts over all else.
    pub labels: Vec<Arc<LabelLayer>>,
    /// Left, top, right, bottom in pixels of what labels leave free.
    pub keep_out: Vec<Rect>,
}

/// Azimuth of the camera that is used when none is set.
pub const SEEN_FROM: f64 = 225.0;

impl Scene {
    /// A plain one, in these colours.
    pub fn new(colormap: Colormap) -> Self {
        Self {
            camera: None,
            seen_from: SEEN_FROM,
            colormap,
            range: None,
            bad: None,
            light: Light::default(),
            background: [1.0; 4],
            samples: 4,
            detail: Detail::default(),
            normals: Normals::default(),
            scenery: Scenery::default(),
            drape: None,
            things: Vec::new(),
            labels: Vec::new(),
            keep_out: Vec::new(),
        }
    }

    /// Checks every field's range; camera, colour map and drape were checked when they were made.
    pub fn validate(&self) -> Result<()> {
        if let Some(range) = self.range {
            check_range(range)?;
        }
        self.light.validate()?;
        check_colour(self.background, "background")?;
        if let Some(bad) = self.bad {
            check_colour(bad, "bad")?;
        }
        self.scenery.validate()?;
        check_samples(self.samples)
    }

    /// Whether nothing can stand between any ground and the sun, which is a point right above it.
    fn lies_open(&self) -> bool {
        let [east, north, _] = self.light.to_sun();
        [east, north] == [0.0; 2] && !self.light.has_soft_sun() && self.things.is_empty()
    }

    /// Whether it is seen from where all that there is is in frame.
    pub fn is_fitted(&self) -> bool {
        !matches!(self.camera, Some(Viewpoint::Camera(_)))
    }

    /// A picture of it, of `field`; `things` are the corners of those, if its camera is to have
    /// them in frame.
    pub fn view(&self, field: &Heightfield, size: [u32; 2], things: &[Vec3]) -> Result<View> {
        let viewpoint =
            self.camera.clone().map_or_else(|| Viewpoint::of(field, self.seen_from), Ok)?;
        Ok(View {
            size,
            camera: viewpoint.camera(field, size, &self.scenery, self.bad.is_some(), things)?,
            colormap: self.colormap.clone(),
            range: self.range,
            bad: self.bad,
            light: Light { shadows: self.light.shadows && !self.lies_open(), ..self.light },
            background: self.background,
            samples: self.samples,
            detail: self.detail,
            normals: self.normals,
            scenery: self.scenery.clone(),
            keep_out: self.keep_out.clone(),
        })
    }
}

/// A scene of some ground, as a picture of some size.
#[derive(Clone, Debug)]
pub struct View {
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// Where it is taken from.
    pub camera: Camera,
    /// Colours by height.
    pub colormap: Colormap,
    /// vmin and vmax in the DEM's own heights; None: the DEM's least and greatest.
    pub range: Option<[f32; 2]>,
    /// sRGB with straight alpha of holes, which are ground then; None: one sees through them.
    pub bad: Option<[f32; 4]>,
    /// Sun and sky.
    pub light: Light,
    /// sRGB 0..=1 with straight alpha, where no ground is seen.
    pub background: [f32; 4],
    /// Samples per pixel: 1, 2, 4, 8 or 16.
    pub samples: u32,
    /// How cells are met that are no larger than a pixel.
    pub detail: Detail,
    /// What light falls on.
    pub normals: Normals,
    /// What is drawn beside the bare ground.
    pub scenery: Scenery,
    /// Left, top, right, bottom in pixels of what labels leave free.
    pub keep_out: Vec<Rect>,
}

/// Width and height of a picture.
pub fn check_size(size: [u32; 2]) -> Result<()> {
    if size.iter().all(|side| (1..=MAX_SIZE).contains(side)) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "size must be (width, height), each in 1..{MAX_SIZE}; got ({}, {}); pass e.g. size=(1920, 1080)",
        size[0], size[1]
    )))
}

/// vmin and vmax.
fn check_range(range: [f32; 2]) -> Result<()> {
    if range[0].is_finite() && range[1].is_finite() && range[0] < range[1] {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the colour range must be finite with min < max; got min {}, max {}; pass two different heights, least first",
        range[0], range[1]
    )))
}

/// sRGB with alpha, 0..=1 each.
fn check_colour(colour: [f32; 4], name: &str) -> Result<()> {
    if colour.iter().all(|channel| (0.0..=1.0).contains(channel)) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{name} must be (red, green, blue, alpha), each in 0..1; got {colour:?}; divide bytes by 255"
    )))
}

/// Samples per pixel.
fn check_samples(samples: u32) -> Result<()> {
    if SAMPLES.contains(&samples) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "samples must be 1, 2, 4, 8 or 16; got {samples}; pass one of these"
    )))
}

/// vmin and vmax as one range. An end left out is the DEM's own; where that is the other end too (a
/// flat DEM), or where all is hole, one colour is all there is.
pub fn colour_range(ends: [Option<f64>; 2], own: Option<[f32; 2]>) -> Result<Option<[f32; 2]>> {
    let refuse = |what: &str| {
        let [vmin, vmax] = ends.map(|end| end.map_or("None".into(), |end| end.to_string()));
        Err(Error::invalid(format!(
            "vmin and vmax must be {what}; got vmin={vmin}, vmax={vmax}; pass heights of the DEM, before vert_exag"
        )))
    };
    if ends.iter().flatten().any(|end| !(*end as f32).is_finite()) {
        return refuse("finite in float32");
    }
    Ok(Some(match (ends, own) {
        ([None, None], _) => return Ok(None),
        ([Some(low), Some(high)], _) if (low as f32) < high as f32 => [low as f32, high as f32],
        ([Some(_), Some(_)], _) => return refuse("with vmin < vmax, as float32"),
        ([Some(low), None], Some([_, high])) if (low as f32) < high => [low as f32, high],
        ([None, Some(high)], Some([low, _])) if low < high as f32 => [low, high as f32],
        ([Some(low), None], Some([_, high])) if low as f32 > high => {
            return refuse(&format!(
                "less than the DEM's greatest height, {high}, where vmax is left out"
            ));
        }
        ([None, Some(high)], Some([low, _])) if low > high as f32 => {
            return refuse(&format!(
                "greater than the DEM's least height, {low}, where vmin is left out"
            ));
        }
        ([Some(low), None], _) => [low as f32, (low as f32).next_up()],
        ([None, Some(high)], _) => [(high as f32).next_down(), high as f32],
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn scene() -> Scene {
        Scene::new(Colormap::named("terrain").unwrap())
    }

    #[test]
    fn fields_are_checked() {
        assert!(scene().validate().is_ok());
        assert!(check_size([64, 48]).is_ok());
        for size in [[0, 5], [5, 65_536]] {
            let message = check_size(size).unwrap_err().to_string();
            assert!(message.starts_with("size must be (width, height)"), "{message}");
        }
        let refuse = |scene: Scene, text: &str| {
            let message = scene.validate().unwrap_err().to_string();
            assert!(message.starts_with(text), "{message}");
        };
        refuse(Scene { range: Some([1.0, 1.0]), ..scene() }, "the colour range must be finite");
        refuse(
            Scene { range: Some([f32::NAN, 1.0]), ..scene() },
            "the colour range must be finite",
        );
        refuse(Scene { background: [0.0, 0.0, 0.0, 1.1], ..scene() }, "background must be");
        refuse(Scene { background: [f32::NAN; 4], ..scene() }, "background must be");
        refuse(Scene { samples: 3, ..scene() }, "samples must be 1, 2, 4, 8 or 16");
        refuse(
            Scene { light: Light { exposure: -1.0, ..Light::default() }, ..scene() },
            "exposure must be",
        );
    }
}
