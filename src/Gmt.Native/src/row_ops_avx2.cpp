#include <immintrin.h>
#include <math.h>

#include "row_ops.h"

#if defined(_MSC_VER)
#define GMT_INLINE static __forceinline
#define GMT_MEMBER __forceinline
#else
#define GMT_INLINE static inline __attribute__((always_inline))
#define GMT_MEMBER inline __attribute__((always_inline))
#endif

namespace gmt::rows {
namespace {

using vec = __m256;
using bits = __m256i;
constexpr int32_t lanes = 8;

GMT_INLINE vec load(const float *from) { return _mm256_loadu_ps(from); }
GMT_INLINE void store(float *to, vec a) { _mm256_storeu_ps(to, a); }
GMT_INLINE vec splat(float a) { return _mm256_set1_ps(a); }
GMT_INLINE vec add(vec a, vec b) { return _mm256_add_ps(a, b); }
GMT_INLINE vec subtract(vec a, vec b) { return _mm256_sub_ps(a, b); }
GMT_INLINE vec mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
GMT_INLINE vec divide(vec a, vec b) { return _mm256_div_ps(a, b); }
GMT_INLINE vec multiply_add(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
GMT_INLINE vec floor_of(vec a) { return _mm256_floor_ps(a); }
GMT_INLINE vec absolute(vec a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
GMT_INLINE float square_root(float a) { return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(a))); }

/* Not a number stays what it is: of two operands max gives the second where they cannot be compared. */
GMT_INLINE vec largest(vec a, vec least) { return _mm256_max_ps(least, a); }
GMT_INLINE vec where_negative(vec x, vec a, vec b) { return _mm256_blendv_ps(b, a, _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_LT_OQ)); }

/* 2^n of a whole number n. */
GMT_INLINE vec power_of_two(vec n) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvttps_epi32(n), _mm256_set1_epi32(127)), 23));
}

GMT_INLINE bits splat_bits(uint32_t a) { return _mm256_set1_epi32((int)a); }
GMT_INLINE bits lane_numbers() { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
GMT_INLINE bits add(bits a, bits b) { return _mm256_add_epi32(a, b); }
GMT_INLINE bits multiply(bits a, bits b) { return _mm256_mullo_epi32(a, b); }
GMT_INLINE bits exclusive(bits a, bits b) { return _mm256_xor_si256(a, b); }
template <int Count>
GMT_INLINE bits shift_right(bits a) {
    return _mm256_srli_epi32(a, Count);
}
GMT_INLINE vec where_at_least(bits a, bits least, vec value) {
    return _mm256_and_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_max_epu32(a, least), a)), value);
}

#include "row_ops_body.h"

}  // namespace

const row_ops avx2_row_ops{fill_mask, gelu, gelu_back, add_norm, add_norm_back};

}  // namespace gmt::rows
