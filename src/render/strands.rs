//! The order of a picture's rows among the workgroups: see `shaders/include/strands.glsl`.

/// As there.
const STRANDS: u32 = 16;
/// Rows of a workgroup of the shaders that include it.
const GROUP_ROWS: u32 = 8;

/// Rows of workgroups in each strand of a picture of `rows`.
pub(super) fn strand_groups(rows: u32) -> u32 {
    rows.div_ceil(GROUP_ROWS).div_ceil(STRANDS)
}

/// Rows of threads to dispatch: as many as fill the strands.
pub(super) fn strand_rows(rows: u32) -> u32 {
    strand_groups(rows) * STRANDS * GROUP_ROWS
}

#[cfg(test)]
mod tests {
    use super::{GROUP_ROWS, STRANDS, strand_groups, strand_rows};

    #[test]
    fn each_row_is_taken_once() {
        for rows in [1, 7, 8, 9, 16, 127, 128, 129, 1080, 4320] {
            let groups = strand_groups(rows);
            let mut taken: Vec<u32> = (0..strand_rows(rows))
                .map(|thread| {
                    let (group, local) = (thread / GROUP_ROWS, thread % GROUP_ROWS);
                    ((group % STRANDS) * groups + group / STRANDS) * GROUP_ROWS + local
                })
                .filter(|row| *row < rows)
                .collect();
            taken.sort_unstable();
            assert_eq!(taken, (0..rows).collect::<Vec<_>>());
        }
    }
}
