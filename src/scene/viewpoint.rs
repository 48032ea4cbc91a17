//! From where a picture is to be taken.

use std::sync::Arc;

use super::fit::{Fit, Surroundings};
use super::projection::{ClipSpace, Mat4, multiply};
use super::vector::Vec3;
use super::{Camera, Heightfield, Scenery};
use crate::error::Result;

/// Altitude and field of view of the camera that is used when none is set.
const DEFAULT_FIT: [f64; 2] = [35.0, 35.0];

/// A camera, or one that follows from the picture's shape and from what is in it.
#[derive(Clone, Debug, PartialEq)]
pub enum Viewpoint {
    /// A camera.
    Camera(Camera),
    /// One that has a DEM in frame.
    Fit(Arc<Fit>),
}

impl From<Camera> for Viewpoint {
    fn from(camera: Camera) -> Self {
        Self::Camera(camera)
    }
}

impl Viewpoint {
    /// The whole of `field`, from bearing `azimuth`, as it is seen where nobody says from where.
    pub fn of(field: &Heightfield, azimuth: f64) -> Result<Self> {
        let [altitude, fov] = DEFAULT_FIT;
        let fit = Fit::new(
            field.outline(),
            field.spacing(),
            field.exaggeration(),
            [azimuth, altitude, fov],
        )?;
        Ok(Self::Fit(Arc::new(fit)))
    }

    /// The camera for a picture of `field`, of `size` pixels, with `scenery`, in which holes are
    /// `painted` as ground or not.
    pub fn camera(
        &self,
        field: &Heightfield,
        size: [u32; 2],
        scenery: &Scenery,
        painted: bool,
        things: &[Vec3],
    ) -> Result<Camera> {
        match self {
            Self::Camera(camera) => Ok(*camera),
            Self::Fit(fit) => {
                let [width, height] = size.map(f64::from);
                fit.camera(
                    width / height,
                    &Surroundings { things, ..surroundings(field, scenery, painted) },
                )
            }
        }
    }

    /// View matrix; of what follows from the picture's shape, that for a square one.
    pub fn view(&self) -> Result<Mat4> {
        Ok(self.alone(1.0)?.view())
    }

    /// Projection for pictures of width / height = `aspect`. Its product with [`Viewpoint::view`]
    /// is that of the camera that takes such a picture, of the bare ground: where that stands
    /// elsewhere, it has the way there in it.
    pub fn projection(&self, aspect: f64, clip: ClipSpace) -> Result<Mat4> {
        let camera = self.alone(aspect)?;
        let projection = camera.projection(aspect, clip)?;
        let [there, here] = [camera.view(), self.view()?];
        if there == here {
            return Ok(projection);
        }
        // Both look the same way.
        let mut way = [
            [1.0, 0.0, 0.0, 0.0],
            [0.0, 1.0, 0.0, 0.0],
            [0.0, 0.0, 1.0, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ];
        for ((way, there), here) in way.iter_mut().zip(there).zip(here).take(3) {
            way[3] = there[3] - here[3];
        }
        Ok(multiply(&projection, &way))
    }

    fn alone(&self, aspect: f64) -> Result<Camera> {
        match self {
            Self::Camera(camera) => Ok(*camera),
            Self::Fit(fit) => fit.camera(aspect, &Surroundings::default()),
        }
    }
}

fn surroundings(field: &Heightfield, scenery: &Scenery, painted: bool) -> Surroundings<'static> {
    let exaggeration = field.exaggeration();
    let [x, y] = field.outline().half(field.spacing());
    let side = 2.0 * x.max(y) / exaggeration;
    let floor =
        scenery.base.zip(field.range()).map(|(base, range)| base.floor(range.map(f64::from), side));
    let [floor, water] =
        [floor, scenery.water_level()].map(|height| height.map(|height| height * exaggeration));
    Surroundings { floor, water, painted, things: &[] }
}
