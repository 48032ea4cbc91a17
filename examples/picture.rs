//! A DEM to a picture: `cargo run --release --example picture [DEM.asc] [OUT.png]`.

mod grid;

use grid::Grid;
use std::error::Error;
use std::path::Path;
use vulkan_forge::gpu::DeviceRequest;
use vulkan_forge::image_file::write_png;
use vulkan_forge::render::{Engine, Ground, Wanted};
use vulkan_forge::scene::{Base, Colormap, Heightfield, Light, Scene, Scenery};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let dem = Grid::open(arguments.next().as_deref().map(Path::new))?;
    let out = arguments.next().unwrap_or_else(|| "picture.png".into());

    let field = Heightfield::new(dem.heights, dem.columns, dem.rows, [dem.cell; 2], 1.5)?;
    // Without a camera all of the ground is in frame, seen from `seen_from`.
    let scene = Scene {
        seen_from: 200.0,
        light: Light { azimuth_deg: 300.0, altitude_deg: 30.0, ..Light::default() },
        scenery: Scenery { base: Some(Base::default()), ..Scenery::default() },
        ..Scene::new(Colormap::named("viridis")?)
    };
    let size = [960, 540];
    let engine = Engine::new(&DeviceRequest::default())?;
    // The ground keeps what it has sent to the device: a second picture costs only its drawing.
    let mut ground = Ground::new(field);
    let wanted = Wanted { size, depth: false, aovs: &[] };
    let drawing = engine.picture(&mut ground, &scene, &[], &wanted, &|| false)?;
    write_png(Path::new(&out), &drawing.frame.rgba, size[0], size[1], 4)?;
    Ok(())
}
