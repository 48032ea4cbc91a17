//! Whether equations determine their unknowns, and in which order; by graph alone, before any
//! number.

/// Which unknowns each equation has.
pub(super) type Incidence = [Vec<usize>];

/// What the graph says.
pub(super) enum Verdict {
    /// Blocks of equations and their unknowns, each of which needs only those before it.
    Square(Vec<Block>),
    /// Equations that say too much, among themselves; and unknowns that are not determined.
    Faulty {
        /// Equations.
        over: Vec<usize>,
        /// Unknowns.
        under: Vec<usize>,
    },
}

/// Equations that have to be solved together, for as many unknowns.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) equations: Vec<usize>,
    pub(super) unknowns: Vec<usize>,
}

/// The verdict on equations over `many` unknowns.
pub(super) fn judge(rows: &Incidence, many: usize) -> Verdict {
    let mut owner = vec![None; many]; // the equation of each unknown
    let mut over = Vec::new();
    for row in 0..rows.len() {
        let mut seen = vec![false; many];
        if !augment(row, rows, &mut owner, &mut seen) {
            // everything that could have been moved to make room says together more than there is
            // to know
            over.extend(
                std::iter::once(row).chain((0..many).filter(|&c| seen[c]).filter_map(|c| owner[c])),
            );
        }
    }
    let free: Vec<usize> = (0..many).filter(|&c| owner[c].is_none()).collect();
    if over.is_empty() && free.is_empty() {
        return Verdict::Square(order(rows, &owner));
    }
    over.sort_unstable();
    over.dedup();
    Verdict::Faulty { over, under: reached(rows, &owner, free) }
}

fn augment(row: usize, rows: &Incidence, owner: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for &column in &rows[row] {
        if !std::mem::replace(&mut seen[column], true)
            && owner[column].is_none_or(|other| augment(other, rows, owner, seen))
        {
            owner[column] = Some(row);
            return true;
        }
    }
    false
}

/// The unknowns of which some are free: those that share equations with a free one.
fn reached(rows: &Incidence, owner: &[Option<usize>], free: Vec<usize>) -> Vec<usize> {
    let mut known = vec![false; owner.len()];
    let mut left = free;
    while let Some(column) = left.pop() {
        if std::mem::replace(&mut known[column], true) {
            continue;
        }
        // an equation that has this unknown could be solved for it, and would then leave its own
        for (row, columns) in rows.iter().enumerate() {
            if columns.contains(&column) {
                left.extend((0..owner.len()).filter(|&c| owner[c] == Some(row)));
            }
        }
    }
    (0..owner.len()).filter(|&c| known[c]).collect()
}

/// Tarjan's strongly connected components: they come out after those that they need.
fn order(rows: &Incidence, owner: &[Option<usize>]) -> Vec<Block> {
    let mut unknown_of = vec![0; rows.len()];
    for (column, row) in owner.iter().enumerate() {
        if let Some(row) = row {
            unknown_of[*row] = column;
        }
    }
    let mut search = Search {
        rows,
        owner,
        index: vec![usize::MAX; rows.len()],
        low: vec![0; rows.len()],
        on_stack: vec![false; rows.len()],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for row in 0..rows.len() {
        if search.index[row] == usize::MAX {
            search.visit(row);
        }
    }
    let blocks = search.found.into_iter().map(|equations| {
        let unknowns = equations.iter().map(|&row| unknown_of[row]).collect();
        Block { equations, unknowns }
    });
    blocks.collect()
}

struct Search<'a> {
    rows: &'a Incidence,
    owner: &'a [Option<usize>],
    index: Vec<usize>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, row: usize) {
        self.index[row] = self.next;
        self.low[row] = self.next;
        self.next += 1;
        self.stack.push(row);
        self.on_stack[row] = true;
        for i in 0..self.rows[row].len() {
            let Some(needed) = self.owner[self.rows[row][i]] else { continue };
            if self.index[needed] == usize::MAX {
                self.visit(needed);
                self.low[row] = self.low[row].min(self.low[needed]);
            } else if self.on_stack[needed] {
                self.low[row] = self.low[row].min(self.index[needed]);
            }
        }
        if self.low[row] == self.index[row] {
            let at = self.stack.iter().rposition(|&r| r == row).unwrap_or(0);
            let block = self.stack.split_off(at);
            for &r in &block {
                self.on_stack[r] = false;
            }
            self.found.push(block);
        }
    }
}
