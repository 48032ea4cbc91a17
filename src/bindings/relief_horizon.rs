//! Relief that looks far: horizons, shadows, views. The typed face is `vulkan_forge.relief`.

use numpy::{PyArray2, PyArray3};
use pyo3::prelude::*;

use super::arguments::{real, text, whole};
use super::arrays::{Borrowed, to_numpy};
use super::engine::PyEngine;
use super::errors::detached_interruptible;
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

fn cells(value: Option<Arg<'_, '_>>) -> PyResult<Option<u64>> {
    value.map(|cells| whole(cells, "block_cells", 1, u64::MAX)).transpose()
}

fn looking(radius: Arg<'_, '_>, directions: Arg<'_, '_>, up: Arg<'_, '_>) -> PyResult<Horizon> {
    let directions = whole(directions, "directions", 1, 3600)? as u32;
    Ok(Horizon { radius: real(radius, "radius")?, directions, up_deg: real(up, "up")? })
}

/// One quantity of the horizons.
#[pyfunction]
#[pyo3(signature = (engine, dem, quantity, *, radius, directions, up, spacing, vert_exag, block_cells))]
#[allow(clippy::too_many_arguments)] // the API's own list
pub(super) fn _relief_horizon<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    quantity: Arg<'_, 'py>,
    radius: Arg<'_, 'py>,
    directions: Arg<'_, 'py>,
    up: Arg<'_, 'py>,
    spacing: Arg<'_, 'py>,
    vert_exag: Arg<'_, 'py>,
    block_cells: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let quantity = Quantity::named(&text(quantity, "sky")?)?;
    let (looking, cells) = (looking(radius, directions, up)?, cells(block_cells)?);
    let input = Input::read(engine, dem, spacing, vert_exag)?;
    input.raster(|workshop, dem, interrupted| {
        crate::relief::horizon(workshop, dem, quantity, looking, cells, interrupted)
    })
}

/// The horizons' angles, (directions, H, W).
#[pyfunction]
#[pyo3(signature = (engine, dem, *, radius, directions, up, spacing, vert_exag, block_cells))]
#[allow(clippy::too_many_arguments)] // the API's own list
pub(super) fn _relief_horizon_angles<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    radius: Arg<'_, 'py>,
    directions: Arg<'_, 'py>,
    up: Arg<'_, 'py>,
    spacing: Arg<'_, 'py>,
    vert_exag: Arg<'_, 'py>,
    block_cells: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyArray3<f32>>> {
    let (looking, cells) = (looking(radius, directions, up)?, cells(block_cells)?);
    let input = Input::read(engine, dem, spacing, vert_exag)?;
    let angles = input.run(|workshop, dem, interrupted| {
        crate::relief::horizon_angles(workshop, dem, looking, cells, interrupted)
    })?;
    to_numpy(engine.py(), angles, [looking.directions as usize, input.dem.rows, input.dem.columns])
}

/// Local dominance.
#[pyfunction]
#[pyo3(signature = (engine, dem, *, min_radius, radius, directions, height, spacing, vert_exag, block_cells))]
#[allow(clippy::too_many_arguments)] // the API's own list
pub(super) fn _relief_dominance<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    min_radius: Arg<'_, 'py>,
    radius: Arg<'_, 'py>,
    directions: Arg<'_, 'py>,
    height: Arg<'_, 'py>,
    spacing: Arg<'_, 'py>,
    vert_exag: Arg<'_, 'py>,
    block_cells: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let radii = [real(min_radius, "min_radius")?, real(radius, "radius")?];
    let directions = whole(directions, "directions", 1, 3600)? as u32;
    let (height, cells) = (real(height, "height")?, cells(block_cells)?);
    let input = Input::read(engine, dem, spacing, vert_exag)?;
    input.raster(|workshop, dem, interrupted| {
        crate::relief::local_dominance(workshop, dem, radii, directions, height, cells, interrupted)
    })
}

/// Cast shadow.
#[pyfunction]
#[pyo3(signature = (engine, dem, *, azimuth, altitude, spacing, vert_exag, block_lines))]
#[allow(clippy::too_many_arguments)] // the API's own list
pub(super) fn _relief_shadow_mask<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    azimuth: Arg<'_, 'py>,
    altitude: Arg<'_, 'py>,
    spacing: Arg<'_, 'py>,
    vert_exag: Arg<'_, 'py>,
    block_lines: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let sun = Sun { azimuth_deg: real(azimuth, "azimuth")?, altitude_deg: real(altitude, "altitude")? };
    let lines = cells(block_lines)?;
    let input = Input::read(engine, dem, spacing, vert_exag)?;
    input.raster(|workshop, dem, interrupted| {
        crate::relief::shadow_mask(workshop, dem, sun, lines, interrupted)
    })
}

/// View of one observer.
#[pyfunction]
#[pyo3(signature = (engine, dem, *, x, y, height, target_height, curvature, body_radius, max_distance, spacing, vert_exag))]
#[allow(clippy::too_many_arguments)] // the API's own list
pub(super) fn _relief_viewshed<'py>(
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    x: Arg<'_, 'py>,
    y: Arg<'_, 'py>,
    height: Arg<'_, 'py>,
    target_height: Arg<'_, 'py>,
    curvature: Arg<'_, 'py>,
    body_radius: Arg<'_, 'py>,
    max_distance: Option<Arg<'_, 'py>>,
    spacing: Arg<'_, 'py>,
    vert_exag: Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyArray2<f32>>> {
    let observer = Observer {
        place: [real(x, "x")?, real(y, "y")?],
        height: real(height, "height")?,
        target_height: real(target_height, "target_height")?,
        curvature: real(curvature, "curvature")?,
        radius: real(body_radius, "body_radius")?,
        max_distance: max_distance.map_or(Ok(f64::INFINITY), |metres| real(metres, "max_distance"))?,
    };
    let input = Input::read(engine, dem, spacing, vert_exag)?;
    input.raster(|workshop, dem, interrupted| crate::relief::viewshed(workshop, dem, observer, interrupted))
}
