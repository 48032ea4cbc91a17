//! Relief: a DEM in, rasters out. The typed face is `vulkan_forge.relief`.

use numpy::{PyArray2, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments::{real, reals, text, whole};
use super::arrays::{Borrowed, empty};
use super::engine::PyEngine;
use super::errors::detached_interruptible;
use super::named::Named;
use crate::error::Error;
use crate::relief::{Dem, Edges, Ground, Operator, Places, Sun, local};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// `spacing` in metres, or in degrees where `north` is the latitude of the first row's centres.
pub(super) fn ground(spacing: Arg<'_, '_>, north: Option<Arg<'_, '_>>) -> PyResult<Ground> {
    let spacing = reals(spacing, "spacing", "(dx, dy)")?;
    Ok(match north {
        None => Ground::Metres(spacing),
        Some(north) => Ground::Degrees { spacing, north_deg: real(north, "latitude")? },
    })
}

/// Rasters of several operators, each (name, variant, method, azimuth, altitude), from one reading
/// of the DEM.
#[pyfunction]
#[pyo3(
    signature = (engine, dem, operators, **named),
    text_signature = "(engine, dem, operators, *, spacing, north, vert_exag, edges, block_cells, places=None)"
)]
pub(super) fn _relief_local<'py>(
    py: Python<'py>,
    engine: &Bound<'py, PyEngine>,
    dem: Arg<'_, 'py>,
    operators: Vec<[Bound<'py, PyAny>; 5]>,
    named: Option<&Bound<'py, PyDict>>,
) -> PyResult<Vec<Bound<'py, PyArray2<f32>>>> {
    let known = ["spacing", "north", "vert_exag", "edges", "block_cells", "places"];
    let named = Named::new(named, &known)?;
    let mut wanted = Vec::new();
    for [name, variant, method, azimuth, altitude] in &operators {
        let sun = Sun {
            azimuth_deg: real(azimuth, "azimuth")?,
            altitude_deg: real(altitude, "altitude")?,
        };
        let words = [
            text(name, "operator")?,
            text(variant, "method, unit or kind")?,
            text(method, "method")?,
        ];
        wanted.push(Operator::named(&words[0], &words[1], &words[2], sun)?);
    }
    let ground = ground(&named.needed("spacing")?, named.get("north")?.as_ref())?;
    let exaggeration = named.real("vert_exag")?;
    let edges = Edges::named(&text(&named.needed("edges")?, "edges")?)?;
    let cells = named
        .get("block_cells")?
        .map(|cells| whole(&cells, "block_cells", 1, u64::MAX))
        .transpose()?;
    let places: Option<(Bound<'py, PyAny>, [f64; 2], bool)> =
        named.get("places")?.map(|places| places.extract()).transpose()?;
    let borrowed = Borrowed::read(dem, "dem")?;
    let (columns, rows, heights) = (borrowed.columns, borrowed.rows, borrowed.heights()?);
    let lattice = places
        .map(|(nodes, per_cell, evenly)| {
            Ok::<_, PyErr>((Borrowed::read(&nodes, "places")?, per_cell, evenly))
        })
        .transpose()?;
    let places = match &lattice {
        None => None,
        Some((nodes, per_cell, evenly)) => {
            Some(Places::new(nodes.heights()?, nodes.columns / Places::NODE, *per_cell, *evenly)?)
        }
    };
    let engine = engine.get();
    let mut rasters = Vec::new();
    for _ in &wanted {
        rasters.push(empty(py, [rows, columns])?);
    }
    let mut written = Vec::new();
    for raster in &rasters {
        written
            .push(raster.try_readwrite().map_err(|refusal| Error::Internal(refusal.to_string()))?);
    }
    let mut results = Vec::new();
    for raster in &mut written {
        results
            .push(raster.as_slice_mut().map_err(|refusal| Error::Internal(refusal.to_string()))?);
    }
    detached_interruptible(py, |interrupted| {
        let dem = Dem::new(heights, columns, rows, ground, exaggeration)?.placed(places);
        engine.with_workshop(|workshop| {
            local(workshop, &dem, &wanted, edges, cells, &mut results, interrupted)
        })
    })?;
    drop(written);
    Ok(rasters)
}
