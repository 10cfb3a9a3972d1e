#include "row_ops.h"
#include "x86_vectors.h"

namespace gmt::rows {
namespace {

using vec = __m256;
using bits = __m256i;
constexpr int32_t lanes = 8;

/* The operation of this width. */
#define GMT_WIDE(operation) _mm256_##operation

GMT_INLINE vec floor_of(vec a) { return _mm256_floor_ps(a); }
GMT_INLINE vec absolute(vec a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
GMT_INLINE vec where_negative(vec x, vec a, vec b) { return _mm256_blendv_ps(b, a, _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_LT_OQ)); }
GMT_INLINE vec as_floats(bits a) { return _mm256_castsi256_ps(a); }
GMT_INLINE bits lane_numbers() { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
GMT_INLINE bits exclusive(bits a, bits b) { return _mm256_xor_si256(a, b); }
GMT_INLINE vec where_at_least(bits a, bits least, vec value) {
    return _mm256_and_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_max_epu32(a, least), a)), value);
}

#include "row_lanes_body.h"
#include "row_ops_body.h"

}  // namespace

const row_ops row_ops::avx2 = loops;

}  // namespace gmt::rows
