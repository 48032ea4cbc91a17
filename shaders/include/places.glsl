// How cells lie on the ground, so that rises along rows and columns become rises to the true east
// and north.
//
// A node says what share a rise of a cell along the row, and of a cell up the column, has in that
// of a metre to the east and to the north: (east_row, east_column, north_row, north_column). Nodes
// are a lattice so coarse that sixteen columns lie between two of them (EVENLY), or one for each
// cell, as about a pole.

// Of four cells.
struct Frame {
    vec4 east_row, east_column, north_row, north_column;
};

vec4 node_between(uint column, uint row) {
    precise float x = float(column) * block.per_cell.x;
    precise float y = float(row + block.first_place) * block.per_cell.y;
    uint left = min(uint(x), block.nodes_across - 2);
    uint top = min(uint(y), block.nodes_down - 2);
    precise float across = x - float(left);
    precise float down = y - float(top);
    uint at = top * block.nodes_across + left;
    uint below = at + block.nodes_across;
    precise vec4 upper = nodes[at] + (nodes[at + 1] - nodes[at]) * across;
    precise vec4 lower = nodes[below] + (nodes[below + 1] - nodes[below]) * across;
    precise vec4 value = upper + (lower - upper) * down;
    return value;
}

Frame four_frames(vec4 a, vec4 b, vec4 c, vec4 d) {
    return Frame(vec4(a.x, b.x, c.x, d.x), vec4(a.y, b.y, c.y, d.y), vec4(a.z, b.z, c.z, d.z),
                 vec4(a.w, b.w, c.w, d.w));
}

vec4 node_of(uint column, uint row) {
    return nodes[(row + block.first_place) * block.nodes_across
                 + min(column, block.nodes_across - 1)];
}

Frame frame_at(uint column, uint row) {
    return four_frames(node_of(column, row), node_of(column + 1, row), node_of(column + 2, row),
                       node_of(column + 3, row));
}

// Of four cells of a row that begins with a node and goes on by a step a cell.
Frame frame_along(vec4 first, vec4 step, float cell) {
    precise vec4 a = first + step * cell;
    precise vec4 b = first + step * (cell + 1.0);
    precise vec4 c = first + step * (cell + 2.0);
    precise vec4 d = first + step * (cell + 3.0);
    return four_frames(a, b, c, d);
}
