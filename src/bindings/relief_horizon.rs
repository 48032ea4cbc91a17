//! Relief that looks far: horizons, shadows, views. The typed face is `vulkan_forge.relief`.

use numpy::{PyArray1, PyArray2, PyArray3};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments::{real, text, whole};
use super::arrays::{Borrowed, to_numpy};
use super::engine::PyEngine;
use super::errors::detached_interruptible;
use super::named::Named;
use super::relief::ground;
use crate::Result;
use crate::gpu::{Interrupted, Workshop};
use crate::relief::{Dem, Horizon, Observer, Quantity, Sun};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// What every operator is given besides its own arguments.
struct Input<'a, 'py> {
    engine: &'a Bound<'py, PyEngine>,
    dem: Borrowed<'py>,
    ground: crate::relief::Ground,
    exaggeration: f64,
}

impl<'a, 'py> Input<'a, 'py> {
    fn read(
        engine: &'a Bound<'py, PyEngine>,
        dem: Arg<'_, 'py>,
        spacing: Arg<'_, 'py>,
        vert_exag: Arg<'_, 'py>,
    ) -> PyResult<Self> {
        let ground = ground(spacing, None)?;
        let exaggeration = real(vert_exag, "vert_exag")?;
        Ok(Self { engine, dem: Borrowed::read(dem, "dem")?, ground, exaggeration })
    }

    fn run(
        &self,
        work: impl FnOnce(&Workshop, &Dem<'_>, Interrupted<'_>) -> Result<Vec<f32>> + Send,
    ) -> PyResult<Vec<f32>> {
        let (columns, rows, heights) = (self.dem.columns, self.dem.rows, self.dem.heights()?);
        let (ground, exaggeration) = (self.ground, self.exaggeration);
        let engine = self.engine.get();
        detached_interruptible(self.engine.py(), |interrupted| {
            let dem = Dem::new(heights, columns, rows, ground, exaggeration)?;
            engine.with_workshop(|workshop| work(workshop, &dem, interrupted))
        })
    }

    fn raster(
        &self,
        work: impl FnOnce(&Workshop, &Dem<'_>, Interrupted<'_>) -> Result<Vec<f32>> + Send,
    ) -> PyResult<Bound<'py, PyArray2<f32>>> {
        to_numpy(self.engine.py(), self.run(work)?, [self.dem.rows, self.dem.columns])
    }
}

/// Adds its functions to the module.
pub(super) fn add_to(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(_relief_horizon, module)?)?;
    module.add_function(wrap_pyfunction!(_relief_horizon_angles, module)?)?;
    module.add_function(wrap_pyfunction!(_relief_dominance, module)?)?;
    module.add_function(wrap_pyfunction!(_relief_shadow_band, module)?)?;
    module.add_function(wrap_pyfunction!(_relief_shadow_order, module)?)?;
    module.add_function(wrap_pyfunction!(_relief_shadow_mask, module)?)?;
    module.add_function(wrap_pyfunction!(_relief_viewshed, module)?)
}

fn cells(value: Option<Arg<'_, '_>>) -> PyResult<Option<u64>> {
    value.map(|cells| whole(cells, "block_cells", 1, u64::MAX)).transpose()
}

fn looking(named: &Named<'_, '_>) -> PyResult<Horizon> {
    let directions = whole(&named.needed("directions")?, "directions", 1, 3600)? as u32;
    Ok(Horizon { radius: named.real("radius")?, directions, up_deg: named.real("up")? })
}

/// One quantity of the horizons.
#[pyfunction]
#[pyo3(
    signature = (engine, dem, quantity, **named),
    text_signature = "(engine, dem, quantity, *, radius, directions, up, spacing, vert_exag, block_cells)"
)]
fn _relief_horizon<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    quantity: Arg<'_, 'py>,
    named: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let quantity = Quantity::named(&text(quantity, "sky")?)?;
    let (named, input) = read(engine, dem, named, &["radius", "directions", "up", "block_cells"])?;
    let (looking, cells) = (looking(&named)?, cells(named.get("block_cells")?.as_ref())?);
    input.raster(|workshop, dem, interrupted| {
        crate::relief::horizon(workshop, dem, quantity, looking, cells, interrupted)
    })
}

/// The horizons' angles, (directions, H, W).
#[pyfunction]
#[pyo3(
    signature = (engine, dem, **named),
    text_signature = "(engine, dem, *, radius, directions, up, spacing, vert_exag, block_cells)"
)]
fn _relief_horizon_angles<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    named: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyArray3<f32>>> {
    let (named, input) = read(engine, dem, named, &["radius", "directions", "up", "block_cells"])?;
    let (looking, cells) = (looking(&named)?, cells(named.get("block_cells")?.as_ref())?);
    let angles = input.run(|workshop, dem, interrupted| {
        crate::relief::horizon_angles(workshop, dem, looking, cells, interrupted)
    })?;
    to_numpy(engine.py(), angles, [looking.directions as usize, input.dem.rows, input.dem.columns])
}

/// Local dominance.
#[pyfunction]
#[pyo3(
    signature = (engine, dem, **named),
    text_signature = "(engine, dem, *, min_radius, radius, directions, height, spacing, vert_exag, block_cells)"
)]
fn _relief_dominance<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    named: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let own = ["min_radius", "radius", "directions", "height", "block_cells"];
    let (named, input) = read(engine, dem, named, &own)?;
    let radii = [named.real("min_radius")?, named.real("radius")?];
    let directions = whole(&named.needed("directions")?, "directions", 1, 3600)? as u32;
    let (height, cells) = (named.real("height")?, cells(named.get("block_cells")?.as_ref())?);
    input.raster(|workshop, dem, interrupted| {
        crate::relief::local_dominance(workshop, dem, radii, directions, height, cells, interrupted)
    })
}

/// Cast shadow.
#[pyfunction]
#[pyo3(signature = (engine, dem, *, azimuth, altitude, spacing, vert_exag, block_lines))]
fn _relief_shadow_mask<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    azimuth: Arg<'_, 'py>,
    altitude: Arg<'_, 'py>,
    spacing: Arg<'_, 'py>,
    vert_exag: Arg<'_, 'py>,
    block_lines: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let sun =
        Sun { azimuth_deg: real(azimuth, "azimuth")?, altitude_deg: real(altitude, "altitude")? };
    let lines = cells(block_lines)?;
    let input = Input::read(engine, dem, spacing, vert_exag)?;
    input.raster(|workshop, dem, interrupted| {
        crate::relief::shadow_mask(workshop, dem, sun, lines, interrupted)
    })
}

/// How a sweep of shadows goes: whether its lines are columns, and whether the last one comes
/// first; None where the sun stands in the zenith, or is down.
#[pyfunction]
#[pyo3(signature = (*, azimuth, altitude, spacing, vert_exag))]
fn _relief_shadow_order(
    azimuth: Arg<'_, '_>,
    altitude: Arg<'_, '_>,
    spacing: Arg<'_, '_>,
    vert_exag: Arg<'_, '_>,
) -> PyResult<Option<(bool, bool)>> {
    let sun =
        Sun { azimuth_deg: real(azimuth, "azimuth")?, altitude_deg: real(altitude, "altitude")? };
    let dem = Dem::new(&[0.0], 1, 1, ground(spacing, None)?, real(vert_exag, "vert_exag")?)?;
    Ok(crate::relief::shadow_order(&dem, sun)?)
}

type MaskAndHeights<'py> = (Bound<'py, PyArray2<f32>>, Bound<'py, PyArray1<f32>>);

/// Cast shadow of a band of whole lines, with heights for the next band. `band` is (how many lines
/// are nearer to the sun, how many there are in all, the heights that the band before left).
#[pyfunction]
#[pyo3(signature = (engine, dem, *, azimuth, altitude, spacing, vert_exag, band))]
fn _relief_shadow_band<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    azimuth: Arg<'_, 'py>,
    altitude: Arg<'_, 'py>,
    spacing: Arg<'_, 'py>,
    vert_exag: Arg<'_, 'py>,
    band: (usize, usize, Vec<f32>),
) -> PyResult<MaskAndHeights<'py>> {
    let sun =
        Sun { azimuth_deg: real(azimuth, "azimuth")?, altitude_deg: real(altitude, "altitude")? };
    let input = Input::read(engine, dem, spacing, vert_exag)?;
    let (before, of, heights) = band;
    let mut band = crate::relief::Band { before, of, heights };
    let mask = input.raster(|workshop, dem, interrupted| {
        crate::relief::shadow_band(workshop, dem, sun, &mut band, interrupted)
    })?;
    let count = band.heights.len();
    Ok((mask, to_numpy(engine.py(), band.heights, [count])?))
}

/// View of one observer.
#[pyfunction]
#[pyo3(
    signature = (engine, dem, **named),
    text_signature = "(engine, dem, *, x, y, height, target_height, curvature, body_radius, max_distance, spacing, vert_exag)"
)]
fn _relief_viewshed<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    named: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let own = ["x", "y", "height", "target_height", "curvature", "body_radius", "max_distance"];
    let (named, input) = read(engine, dem, named, &own)?;
    let observer = Observer {
        place: [named.real("x")?, named.real("y")?],
        height: named.real("height")?,
        target_height: named.real("target_height")?,
        curvature: named.real("curvature")?,
        radius: named.real("body_radius")?,
        max_distance: match named.get("max_distance")? {
            Some(metres) => real(&metres, "max_distance")?,
            None => f64::INFINITY,
        },
    };
    input.raster(|workshop, dem, interrupted| {
        crate::relief::viewshed(workshop, dem, observer, interrupted)
    })
}

/// The DEM with its `spacing` and `vert_exag`, and the other arguments, called as in `own`.
fn read<'a, 'py>(
    engine: &'a Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    named: Option<&'a Bound<'py, PyDict>>,
    own: &[&str],
) -> PyResult<(Named<'a, 'py>, Input<'a, 'py>)> {
    let named = Named::new(named, &[own, &["spacing", "vert_exag"]].concat())?;
    let input = Input::read(engine, dem, &named.needed("spacing")?, &named.needed("vert_exag")?)?;
    Ok((named, input))
}
