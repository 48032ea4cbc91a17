//! A DEM to relief: `cargo run --release --example relief [DEM.asc] [OUT.png]` writes a hillshade,
//! in which slopes of more than 30° are darkened.

mod grid;

use grid::Grid;
use std::error::Error;
use std::path::Path;
use vulkan_forge::gpu::{DeviceRequest, Workshop};
use vulkan_forge::image_file::write_png;
use vulkan_forge::relief::{Dem, Edges, Ground, Method, Operator, Sun, local};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let grid = Grid::open(arguments.next().as_deref().map(Path::new))?;
    let out = arguments.next().unwrap_or_else(|| "relief.png".into());

    let dem =
        Dem::new(&grid.heights, grid.columns, grid.rows, Ground::Metres([grid.cell; 2]), 1.0)?;
    let sun = Sun { azimuth_deg: 315.0, altitude_deg: 45.0 };
    let operators = [Operator::Hillshade(Method::Horn, sun), Operator::SlopeDegree(Method::Horn)];
    let mut shade = vec![0.0; grid.heights.len()];
    let mut slope = shade.clone();
    let workshop = Workshop::new(&DeviceRequest::default())?;
    // Both come from one reading of the DEM.
    local(
        &workshop,
        &dem,
        &operators,
        Edges::Extend,
        None,
        &mut [&mut shade, &mut slope],
        &|| false,
    )?;

    // Holes, which are NaN, become 0.
    let grey = |(shade, slope): (&f32, &f32)| {
        (255.0 * shade * if *slope > 30.0 { 0.6 } else { 1.0 }) as u8
    };
    let pixels: Vec<u8> = shade.iter().zip(&slope).map(grey).collect();
    write_png(Path::new(&out), &pixels, grid.columns as u32, grid.rows as u32, 1)?;
    Ok(())
}
