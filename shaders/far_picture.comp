#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_ballot : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// A picture's rays where cells of the pyramid may be met as a whole: rays.glsl.

layout(local_size_x = 8, local_size_y = 8) in;

#define FAR
#include "rays.glsl"
