//! The Python border: the only room with pyo3 and numpy. Bodies stay short; what they call knows no
//! Python.

mod arguments;
mod arrays;
mod camera;
mod devices;
mod engine;
mod engines;
mod environment;
mod errors;
mod frames;
mod guarded;
mod helpers;
mod labels;
mod layers;
mod leaving;
mod matrices;
mod named;
mod options;
mod order;
mod picture;
mod pieces;
mod relief;
mod relief_horizon;
mod scenery;
mod session;
mod session_work;
mod settings;
mod sheet;
mod source;
mod space;
mod strips;
mod symbol;
mod window;
mod worker;

use pyo3::prelude::*;
use pyo3::wrap_pyfunction;

/// The compiled module of vulkan_forge. Import its names from `vulkan_forge`.
#[pymodule]
fn _vulkan_forge(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    crate::gpu::watch_forks();
    log_to_python(module.py());
    errors::register(module)?;
    arrays::prime(module.py());

    module.add_class::<camera::PyViewpoint>()?;
    module.add_function(wrap_pyfunction!(matrices::camera_look_at, module)?)?;
    module.add_function(wrap_pyfunction!(matrices::camera_perspective, module)?)?;
    module.add_function(wrap_pyfunction!(matrices::camera_view_proj, module)?)?;

    module.add_function(wrap_pyfunction!(helpers::png_to_numpy, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::numpy_to_png, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::_png_bytes, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::_lean_png_bytes, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::_halved_heights, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::_heights_with_rims, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::grid_generate, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::make_mesh, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::dem_stats, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::dem_normalize, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::colormap_supported, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::_colormap_table, module)?)?;
    module.add_function(wrap_pyfunction!(helpers::_height_percentiles, module)?)?;

    module.add_class::<devices::PyDeviceInfo>()?;
    module.add_function(wrap_pyfunction!(devices::devices, module)?)?;
    module.add_function(wrap_pyfunction!(devices::enumerate_adapters, module)?)?;
    module.add_function(wrap_pyfunction!(devices::device_probe, module)?)?;
    module.add_function(wrap_pyfunction!(devices::render_triangle_rgba, module)?)?;
    module.add_function(wrap_pyfunction!(devices::render_triangle_png, module)?)?;
    module.add_function(wrap_pyfunction!(devices::_take_validation_messages, module)?)?;
    module.add_function(wrap_pyfunction!(devices::_provoke_validation_message, module)?)?;

    module.add_function(wrap_pyfunction!(options::_check_option, module)?)?;

    module.add_class::<labels::PyTexts>()?;
    module.add_class::<labels::PyLabelLayer>()?;
    module.add_class::<sheet::PySheet>()?;
    module.add_function(wrap_pyfunction!(labels::_noto_sans, module)?)?;
    module.add_class::<layers::PyGroundLayer>()?;
    module.add_class::<space::PySpaceLayer>()?;
    module.add_class::<symbol::PySymbol>()?;

    module.add_class::<engine::PyEngine>()?;
    module.add_function(wrap_pyfunction!(engine::_engine_count, module)?)?;
    module.add_function(wrap_pyfunction!(engine::_leave, module)?)?;
    module.add_class::<picture::PyPicture>()?;
    module.add_class::<session::PySession>()?;
    module.add_class::<source::PySource>()?;
    module.add("_MOST_SIDE", crate::scene::survey::MOST_IN_MEMORY)?;
    module.add_class::<frames::PyFrames>()?;
    module.add_class::<strips::PyStrips>()?;
    module.add_class::<strips::PyPngRows>()?;
    module.add_class::<window::PyPresenter>()?;

    module.add_function(wrap_pyfunction!(relief::_relief_local, module)?)?;
    relief_horizon::add_to(module)
}

/// Rust's log goes to Python's logging, logger "vulkan_forge"; a second import keeps the first
/// one's.
fn log_to_python(py: Python<'_>) {
    if let Ok(logger) = pyo3_log::Logger::new(py, pyo3_log::Caching::LoggersAndLevels) {
        // fontdb warns of what is no font, which is an error of ours.
        let _ = logger.filter_target("fontdb".into(), log::LevelFilter::Off).install();
    }
}
