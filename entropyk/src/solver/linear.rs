//! Small dense systems of linear equations.

/// Solves a x = b in place, by Gaussian elimination with row scaling and pivoting; the row that has
/// no pivot if singular.
pub(super) fn solve(a: &mut [f64], b: &mut [f64]) -> Result<(), usize> {
    let n = b.len();
    for (row, b) in a.chunks_exact_mut(n).zip(b.iter_mut()) {
        let largest = row.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        if largest > 0.0 && largest.is_finite() {
            row.iter_mut().for_each(|x| *x /= largest);
            *b /= largest;
        }
    }
    for k in 0..n {
        let pivot =
            (k..n).max_by(|&i, &j| a[i * n + k].abs().total_cmp(&a[j * n + k].abs())).unwrap_or(k);
        let size = a[pivot * n + k].abs();
        if size <= 1e-13 || !size.is_finite() {
            return Err(k);
        }
        if pivot != k {
            for j in 0..n {
                a.swap(pivot * n + j, k * n + j);
            }
            b.swap(pivot, k);
        }
        for i in k + 1..n {
            let f = a[i * n + k] / a[k * n + k];
            if f != 0.0 {
                for j in k..n {
                    a[i * n + j] -= f * a[k * n + j];
                }
                b[i] -= f * b[k];
            }
        }
    }
    for k in (0..n).rev() {
        let sum: f64 = (k + 1..n).map(|j| a[k * n + j] * b[j]).sum();
        b[k] = (b[k] - sum) / a[k * n + k];
    }
    Ok(())
}
