//! The order of a picture's tiles among the workgroups: see `shaders/include/strips.glsl`.

/// Pixels across a strip, as there.
pub(super) const STRIP: u32 = 64;
/// As there.
const STRANDS: u32 = 8;

/// Strips in each strand of a picture that is `width` pixels wide.
pub(super) fn strips_of_strand(width: u32) -> u32 {
    width.div_ceil(STRIP).div_ceil(STRANDS)
}

/// Layers of workgroups to dispatch: as many as fill the strands.
pub(super) fn strip_layers(width: u32) -> u32 {
    strips_of_strand(width) * STRANDS
}

#[cfg(test)]
mod tests {
    use super::{STRANDS, STRIP, strip_layers, strips_of_strand};

    #[test]
    fn each_strip_is_taken_once() {
        for width in [1, 63, 64, 65, 511, 512, 513, 1920, 65_535] {
            let strips = strips_of_strand(width);
            let mut taken: Vec<u32> = (0..strip_layers(width))
                .map(|layer| ((layer % STRANDS) * strips + layer / STRANDS) * STRIP)
                .filter(|column| *column < width)
                .collect();
            taken.sort_unstable();
            assert_eq!(taken, (0..width).step_by(STRIP as usize).collect::<Vec<_>>());
        }
    }
}
