// The order in which rows of workgroups take the rows of a picture. Twin: src/render/strands.rs.
//
// Software drivers give each core one run of consecutive workgroups, and in the picture's own order one core would get all the
// sky. So the picture is cut into strands, and consecutive rows of workgroups take one row from each in turn.

const uint STRANDS = 16;

// The row of this thread, beyond the last one where a strand is not full; `groups` is the rows of workgroups in a strand.
uint row_of_strand(uint groups) {
    uint group = (gl_WorkGroupID.y % STRANDS) * groups + gl_WorkGroupID.y / STRANDS;
    return group * gl_WorkGroupSize.y + gl_LocalInvocationID.y;
}
