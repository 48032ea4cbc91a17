//! How closely a picture looks at the surface.

use crate::error::{Error, Result};

/// What cells of the ground count as when they are no larger than a pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// They are met as a whole, coloured by their mean height.
    #[default]
    Auto,
    /// They are exact patches, as near by.
    Exact,
}

/// The normal by which light falls on the ground where cells are larger than pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Normals {
    /// Continuous over borders between patches; at a sample the central difference of its
    /// neighbours.
    #[default]
    Smooth,
    /// The bilinear patch's own.
    Patch,
}

impl Detail {
    /// By its name.
    pub fn parse(name: &str) -> Result<Self> {
        choice(name, "detail", [("auto", Self::Auto), ("exact", Self::Exact)])
    }
}

impl Normals {
    /// By its name.
    pub fn parse(name: &str) -> Result<Self> {
        choice(name, "normals", [("smooth", Self::Smooth), ("patch", Self::Patch)])
    }
}

fn choice<T: Copy>(name: &str, what: &str, among: [(&str, T); 2]) -> Result<T> {
    let found = among.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
    found.ok_or_else(|| Error::none_of(what, name, &among.map(|(own, _)| own)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_others_refused() {
        assert_eq!(Detail::parse("exact").unwrap(), Detail::Exact);
        assert_eq!(Normals::parse("patch").unwrap(), Normals::Patch);
        let message = Normals::parse("facet").unwrap_err().to_string();
        assert_eq!(
            message,
            "normals must be one of \"smooth\", \"patch\"; got \"facet\"; pass e.g. \"smooth\""
        );
    }
}
