/*
 * Those operations on vectors of row_ops_body.h that AVX2 and AVX-512 have under one name but for the width. Included before it by both
 * files, after they have defined vec and bits, GMT_WIDE, which makes the name, and as_floats, which takes a pattern for numbers.
 */
GMT_INLINE vec load(const float *from) { return GMT_WIDE(loadu_ps)(from); }
GMT_INLINE void store(float *to, vec a) { GMT_WIDE(storeu_ps)(to, a); }
GMT_INLINE vec splat(float a) { return GMT_WIDE(set1_ps)(a); }
GMT_INLINE vec add(vec a, vec b) { return GMT_WIDE(add_ps)(a, b); }
GMT_INLINE vec subtract(vec a, vec b) { return GMT_WIDE(sub_ps)(a, b); }
GMT_INLINE vec mul(vec a, vec b) { return GMT_WIDE(mul_ps)(a, b); }
GMT_INLINE vec divide(vec a, vec b) { return GMT_WIDE(div_ps)(a, b); }
GMT_INLINE vec multiply_add(vec a, vec b, vec c) { return GMT_WIDE(fmadd_ps)(a, b, c); }

/* Not a number stays what it is: of two operands max gives the second where they cannot be compared. */
GMT_INLINE vec largest(vec a, vec least) { return GMT_WIDE(max_ps)(least, a); }

GMT_INLINE bits splat_bits(uint32_t a) { return GMT_WIDE(set1_epi32)((int)a); }
GMT_INLINE bits add(bits a, bits b) { return GMT_WIDE(add_epi32)(a, b); }
GMT_INLINE bits multiply(bits a, bits b) { return GMT_WIDE(mullo_epi32)(a, b); }
template <int Count>
GMT_INLINE bits shift_right(bits a) {
    return GMT_WIDE(srli_epi32)(a, Count);
}

/* 2^n of a whole number n. */
GMT_INLINE vec power_of_two(vec n) { return as_floats(GMT_WIDE(slli_epi32)(add(GMT_WIDE(cvttps_epi32)(n), splat_bits(127)), 23)); }
