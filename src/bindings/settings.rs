//! A session's settings: its light, and how rays meet the ground.

use pyo3::prelude::*;

use super::arguments::{flag, real};
use super::session::PySession;

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

#[pymethods]
impl PySession {
    /// Put the sun at an angle above the horizon and a bearing clockwise from north, degrees.
    fn set_sun(
        &self,
        py: Python<'_>,
        elevation_deg: Arg<'_, '_>,
        azimuth_deg: Arg<'_, '_>,
    ) -> PyResult<()> {
        let [altitude, azimuth] =
            [real(elevation_deg, "elevation_deg")?, real(azimuth_deg, "azimuth_deg")?];
        self.change(py, |scene| {
            (scene.light.altitude_deg, scene.light.azimuth_deg) = (altitude, azimuth)
        })
    }

    /// Angle from the middle of the sun's disc to its edge, degrees, 0 to 15; 0 is a point with
    /// hard shadows.
    fn set_sun_radius(&self, py: Python<'_>, degrees: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "sun_radius", degrees)
    }

    /// Factor on the light, finite and > 0.
    fn set_exposure(&self, py: Python<'_>, exposure: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "exposure", exposure)
    }

    /// Whether light falls on the ground; else it has exactly the colour map's colours.
    fn set_lit(&self, py: Python<'_>, enabled: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "lit", enabled)
    }

    /// Whether terrain casts shadows.
    fn set_shadows(&self, py: Python<'_>, enabled: Arg<'_, '_>) -> PyResult<()> {
        let enabled = flag(enabled, "enabled")?;
        self.change(py, |scene| scene.light.shadows = enabled)
    }

    /// Share of the light that reaches every place, 0 to 1.
    fn set_ambient(&self, py: Python<'_>, ambient: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "ambient", ambient)
    }

    /// Whether the ambient light is multiplied by the part of the sky that each place sees, up to
    /// `radius` metres away.
    ///
    /// `radius` is finite and > 0; None: a sixteenth of the DEM's longer side, within 8 and 24
    /// cells. Kept between frames.
    #[pyo3(signature = (enabled, radius=None))]
    fn set_ambient_occlusion(
        &self,
        py: Python<'_>,
        enabled: Arg<'_, '_>,
        radius: Option<Arg<'_, '_>>,
    ) -> PyResult<()> {
        let enabled = flag(enabled, "enabled")?;
        let radius = radius.map(|metres| real(metres, "radius")).transpose()?;
        self.change(py, |scene| {
            (scene.light.ambient_occlusion, scene.light.occlusion_radius) = (enabled, radius);
        })
    }

    /// Rays for each pixel: 1, 2, 4, 8 or 16.
    fn set_samples(&self, py: Python<'_>, samples: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "samples", samples)
    }

    /// How ground is met whose cells are no larger than a pixel: "auto", as a whole, or "exact",
    /// patch by patch, as `render` tells.
    fn set_detail(&self, py: Python<'_>, detail: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "detail", detail)
    }

    /// What light falls on where cells are larger than pixels: "smooth" or "patch", as `render`
    /// tells.
    fn set_normals(&self, py: Python<'_>, normals: Arg<'_, '_>) -> PyResult<()> {
        self.option(py, "normals", normals)
    }
}
