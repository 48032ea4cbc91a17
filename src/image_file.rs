//! PNG in memory and on disk. A file appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufReader, Write};
use std::path::Path;

use crate::error::{Error, Result, try_vec};

mod draft;
mod rows;

use draft::{Draft, kind};
pub use rows::PngRows;

/// Most pixels of a file that is read: 16,384², 1 GiB as RGBA.
const MAX_PIXELS: u64 = 1 << 28;
/// Deflate cannot pack better than about 1032 : 1; a header that claims more is followed by too
/// little data.
const MAX_RATIO: u64 = 1040;
/// What the decoder may take beside the picture: a few rows, and a palette.
const DECODER_BYTES: usize = 64 << 20;

/// A PNG of RGBA pixels in as few channels as hold them, packed in half the time that trying all
/// filters takes.
pub fn encode_lean_png(pixels: Vec<u8>, width: u32, height: u32, channels: u8) -> Result<Vec<u8>> {
    let (pixels, channels) = lean(pixels, channels)?;
    encode(&pixels, width, height, channels, |encoder| encoder.set_filter(png::Filter::Paeth))
}

/// RGBA pixels in as few channels as hold them: of grey ones red alone, of opaque ones no alpha.
/// Pixels of other counts of channels stay as they are.
fn lean(pixels: Vec<u8>, channels: u8) -> Result<(Vec<u8>, u8)> {
    let (rgba, rest) = pixels.as_chunks::<4>();
    if channels != 4 || !rest.is_empty() {
        return Ok((pixels, channels));
    }
    let opaque = rgba.iter().all(|pixel| pixel[3] == 255);
    let grey = rgba.iter().all(|[red, green, blue, _]| red == green && green == blue);
    let channels = match (grey, opaque) {
        (true, true) => 1,
        (true, false) => 2,
        (false, true) => 3,
        (false, false) => return Ok((pixels, 4)),
    };
    let mut lean = try_vec(rgba.len() * usize::from(channels), "pixels of a PNG")?;
    match channels {
        1 => lean.extend(rgba.iter().map(|pixel| pixel[0])),
        2 => lean.extend(rgba.iter().flat_map(|pixel| [pixel[0], pixel[3]])),
        _ => lean.extend(rgba.iter().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])),
    }
    Ok((lean, channels))
}

/// A PNG of 8-bit pixels; `channels` is 1 (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGBA, straight
/// alpha). The bytes are sRGB as they are.
pub fn encode_png(pixels: &[u8], width: u32, height: u32, channels: u8) -> Result<Vec<u8>> {
    encode_sized_png(pixels, width, height, channels, None)
}

/// The same, with the size on paper that `dpi`, pixels an inch, gives it.
pub fn encode_sized_png(
    pixels: &[u8],
    width: u32,
    height: u32,
    channels: u8,
    dpi: Option<f64>,
) -> Result<Vec<u8>> {
    encode(pixels, width, height, channels, |encoder| {
        let per_metre = dpi.map(|dpi| (dpi / 0.0254).round() as u32);
        encoder.set_pixel_dims(per_metre.map(|count| png::PixelDimensions {
            xppu: count,
            yppu: count,
            unit: png::Unit::Meter,
        }));
    })
}

fn encode(
    pixels: &[u8],
    width: u32,
    height: u32,
    channels: u8,
    set: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Result<Vec<u8>> {
    let color = match channels {
        1 => png::ColorType::Grayscale,
        2 => png::ColorType::GrayscaleAlpha,
        3 => png::ColorType::Rgb,
        4 => png::ColorType::Rgba,
        _ => return Err(Error::Internal(format!("a PNG of {channels} channels"))),
    };
    let expected = u64::from(width) * u64::from(height) * u64::from(channels);
    if pixels.len() as u64 != expected || expected == 0 {
        return Err(Error::invalid(format!(
            "a picture of {width} x {height} pixels and {channels} channels must have {expected} bytes, more than 0; \
             got {}; pass all pixels",
            pixels.len()
        )));
    }
    let mut file = try_vec(pixels.len() / 2 + 1024, "an encoded PNG")?;
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    set(&mut encoder);
    let encoded = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(pixels)?;
        writer.finish()
    });
    encoded.map_err(|failure| Error::Internal(format!("PNG encoding: {failure}")))?;
    Ok(file)
}

/// Writes a PNG to `path`: whole or not at all. Parameters as for [`encode_png`].
pub fn write_png(path: &Path, pixels: &[u8], width: u32, height: u32, channels: u8) -> Result<()> {
    let mut draft = Draft::new(path)?;
    let file = encode_png(pixels, width, height, channels)?;
    draft.write_all(&file).map_err(|cause| draft.refused(&cause))?;
    draft.keep()
}

/// A PNG's first picture as RGBA, row by row from the top, with its width and height. All colour
/// types; 16 bits a channel lose the lower 8; no colour transform.
pub fn read_png(path: &Path) -> Result<(Vec<u8>, u32, u32)> {
    let fail = |message: String| Error::ImageFile { path: path.to_owned(), message };
    let system = |failure: io::Error| {
        fail(format!("expected a readable PNG file, got: {failure}; check the path"))
    };
    let about = fs::metadata(path).map_err(system)?;
    if !about.is_file() {
        return Err(fail(format!(
            "expected a regular file, got {}; pass the path of a PNG file",
            kind(&about)
        )));
    }
    let bad = |failure: png::DecodingError| {
        let cure = "pass a whole PNG file, or fetch it again";
        match failure {
            png::DecodingError::IoError(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => {
                fail(format!(
                    "expected a whole PNG, got a truncated file of {} bytes; {cure}",
                    about.len()
                ))
            }
            other => fail(format!("expected a valid PNG, got: {other}; {cure}")),
        }
    };
    let mut decoder =
        png::Decoder::new(BufReader::with_capacity(1 << 16, File::open(path).map_err(system)?));
    decoder.set_transformations(
        png::Transformations::normalize_to_color8() | png::Transformations::ALPHA,
    );
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(bad)?;
    let (width, height) = (header.width, header.height);
    let pixels = u64::from(width) * u64::from(height);
    let packed = (pixels / 8).saturating_mul(header.bits_per_pixel() as u64);
    if pixels > MAX_PIXELS {
        return Err(fail(format!(
            "expected at most {MAX_PIXELS} pixels, got {width} x {height}; read it in parts with another library"
        )));
    }
    if packed > about.len().saturating_mul(MAX_RATIO) {
        return Err(fail(format!(
            "expected a whole PNG of {width} x {height} pixels, got a truncated file of {} bytes; fetch it again",
            about.len()
        )));
    }
    decoder.set_limits(png::Limits { bytes: DECODER_BYTES + 32 * width as usize });
    let mut reader = decoder.read_info().map_err(bad)?;
    let size =
        reader.output_buffer_size().ok_or_else(|| Error::Internal("a PNG beyond memory".into()))?;
    let mut decoded = try_vec(size, "a decoded PNG")?;
    decoded.resize(size, 0);
    let frame = reader.next_frame(&mut decoded).map_err(bad)?;
    reader.finish().map_err(bad)?;
    decoded.truncate(frame.buffer_size());
    Ok((to_rgba(decoded, frame.color_type)?, width, height))
}

fn to_rgba(decoded: Vec<u8>, color: png::ColorType) -> Result<Vec<u8>> {
    let samples = color.samples();
    if samples == 4 {
        return Ok(decoded);
    }
    let mut rgba = try_vec(decoded.len() / samples * 4, "a decoded PNG")?;
    for pixel in decoded.chunks_exact(samples) {
        rgba.extend(match *pixel {
            [grey] => [grey, grey, grey, 255],
            [grey, alpha] => [grey, grey, grey, alpha],
            [red, green, blue] => [red, green, blue, 255],
            _ => [0; 4],
        });
    }
    Ok(rgba)
}

#[cfg(test)]
#[path = "image_file_tests.rs"]
mod tests;
