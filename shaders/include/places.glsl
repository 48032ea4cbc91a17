// Where cells lie on a body, so that rises along rows and columns become rises to the true east and north.
//
// Nodes of a lattice over the raster say, as vectors in space, what is up there, and which way and how far one goes with a step
// along a row to the east and along a column to the north. Between nodes they are interpolated; being vectors in space, they change
// evenly across a pole and the antimeridian too, where bearings do not.

// Of four cells: the share of a rise a cell along the row, and a cell up the column, in that a metre to the east and to the north.
struct Frame {
    vec4 east_row, east_column, north_row, north_column;
};

vec3 between(uint at, uint below, float across, float down) {
    precise vec3 upper = nodes[at].xyz + (nodes[at + 3].xyz - nodes[at].xyz) * across;
    precise vec3 lower = nodes[below].xyz + (nodes[below + 3].xyz - nodes[below].xyz) * across;
    precise vec3 value = upper + (lower - upper) * down;
    return value;
}

// (east_row, east_column, north_row, north_column) of one cell.
vec4 frame_of(uint column, uint row) {
    precise float x = float(column) * block.per_cell.x;
    precise float y = float(row + block.first_place) * block.per_cell.y;
    uint left = min(uint(x), block.nodes_across - 2);
    uint top = min(uint(y), block.nodes_down - 2);
    precise float across = x - float(left);
    precise float down = y - float(top);
    uint at = 3 * (top * block.nodes_across + left);
    uint below = at + 3 * block.nodes_across;
    vec3 up = between(at, below, across, down);
    vec3 along_row = between(at + 1, below + 1, across, down);
    vec3 along_column = between(at + 2, below + 2, across, down);
    precise float from_axis = sqrt(up.x * up.x + up.y * up.y);
    precise vec2 east = from_axis > 0.0 ? vec2(-up.y, up.x) / from_axis : vec2(0.0, 1.0);
    precise float size = sqrt(from_axis * from_axis + up.z * up.z);
    precise vec3 north = vec3(-up.z * east.y, up.z * east.x, up.x * east.y - up.y * east.x) / size;
    precise float row_east = along_row.x * east.x + along_row.y * east.y;
    precise float row_north = dot(along_row, north);
    precise float column_east = along_column.x * east.x + along_column.y * east.y;
    precise float column_north = dot(along_column, north);
    precise float area = row_east * column_north - row_north * column_east;
    precise vec4 frame = vec4(column_north, -row_north, -column_east, row_east) / area;
    return frame;
}

Frame frame_at(uint column, uint row) {
    vec4 a = frame_of(column, row), b = frame_of(column + 1, row), c = frame_of(column + 2, row), d = frame_of(column + 3, row);
    return Frame(vec4(a.x, b.x, c.x, d.x), vec4(a.y, b.y, c.y, d.y), vec4(a.z, b.z, c.z, d.z), vec4(a.w, b.w, c.w, d.w));
}
