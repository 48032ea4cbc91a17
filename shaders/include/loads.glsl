// Reads four texels by loads, and buffers as texels: Limits in src/gpu/device.rs.
layout(constant_id = 19) const bool LOADS = true;
