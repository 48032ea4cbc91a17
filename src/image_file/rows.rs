//! A PNG that is written row by row, and is there once the last one is.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::draft::Draft;
use crate::error::{Error, Result};

/// Bytes of a chunk of the file.
const CHUNK: usize = 1 << 20;

/// Such a file of RGBA pixels with straight alpha; the bytes are sRGB as they are. Dropped before
/// its end it leaves nothing.
pub struct PngRows {
    sink: Sink,
    encoder: png::StreamWriter<'static, BufWriter<Sink>>,
    row_bytes: usize,
    left: usize,
}

/// What the encoder, which owns its own handle, writes to. The encoder writes the file's end when
/// it is dropped, where an error has no way out: the first one is kept here.
#[derive(Clone)]
struct Sink(Arc<Mutex<(Draft, Option<io::Error>)>>);

impl Sink {
    fn with<T>(&self, work: impl FnOnce(&mut Draft, &mut Option<io::Error>) -> T) -> T {
        let (draft, failure) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(draft, failure)
    }

    /// The error of a file that cannot be written: the first one, or what the encoder says.
    fn refused(&self, told: io::Error) -> Error {
        self.with(|draft, failure| draft.refused(failure.as_ref().unwrap_or(&told)))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|draft, failure| {
            draft.write(bytes).map_err(|cause| {
                let kind = cause.kind();
                if kind != io::ErrorKind::Interrupted {
                    failure.get_or_insert(cause);
                }
                kind.into()
            })
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl PngRows {
    /// A file for `path`, if one may be there.
    pub fn new(path: &Path, width: u32, height: u32) -> Result<Self> {
        let sink = Sink(Arc::new(Mutex::new((Draft::new(path)?, None))));
        let mut encoder =
            png::Encoder::new(BufWriter::with_capacity(CHUNK, sink.clone()), width, height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        let encoder = encoder
            .write_header()
            .and_then(|writer| writer.into_stream_writer_with_size(CHUNK))
            .map_err(|failure| sink.refused(failure.into()))?;
        Ok(Self { sink, encoder, row_bytes: 4 * width as usize, left: height as usize })
    }

    /// The next rows, whole ones.
    pub fn write(&mut self, rows: &[u8]) -> Result<()> {
        let count = rows.len() / self.row_bytes;
        if !rows.len().is_multiple_of(self.row_bytes) || count > self.left {
            return Err(Error::invalid(format!(
                "rows must be whole, of {} bytes each, and {} at most; got {} bytes; pass the rows that are missing",
                self.row_bytes,
                self.left,
                rows.len()
            )));
        }
        self.left -= count;
        self.encoder.write_all(rows).map_err(|failure| self.sink.refused(failure))
    }

    /// Ends the file and gives it its name.
    pub fn finish(self) -> Result<()> {
        let Self { sink, encoder, left, .. } = self;
        if left > 0 {
            return Err(Error::invalid(format!(
                "a picture must have all its rows; got {left} too few; write them first"
            )));
        }
        encoder.finish().map_err(|failure| sink.refused(failure.into()))?;
        let kept = Arc::into_inner(sink.0)
            .ok_or_else(|| Error::Internal("a PNG that is still written".into()))?;
        match kept.into_inner().unwrap_or_else(PoisonError::into_inner) {
            (draft, Some(failure)) => Err(draft.refused(&failure)),
            (draft, None) => draft.keep(),
        }
    }
}
