//! A finished picture, and what it took.

/// What a frame took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Metrics {
    /// Preparing and recording, in milliseconds.
    pub encode_ms: f64,
    /// The device's own time, from timestamps; `None` where it has no clock.
    pub gpu_ms: Option<f64>,
    /// Copying results out of device-visible memory.
    pub readback_ms: f64,
    /// Upload and pyramid of the terrain that was drawn.
    pub upload_ms: f64,
    /// From call to result, without the upload.
    pub total_ms: f64,
    /// Bytes sent to the device for this frame, the terrain's upload included when this frame did
    /// it, and sheets of a large DEM.
    pub bytes_uploaded: u64,
    /// Bytes of the pixels and depths; where nothing was drawn the host knows them without reading.
    pub bytes_read: u64,
}

/// A finished picture.
#[derive(Debug)]
pub struct Frame {
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// sRGB bytes with straight alpha, row-major, four a pixel.
    pub rgba: Vec<u8>,
    /// View depth of the pixel's centre in metres, NaN where no ground is seen; empty where it was
    /// not asked for.
    pub depth: Vec<f32>,
    /// What it took.
    pub metrics: Metrics,
}
