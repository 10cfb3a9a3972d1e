#include "row_ops.h"
#include "x86_vectors.h"

namespace gmt::rows {
namespace {

using vec = __m512;
using bits = __m512i;
constexpr int32_t lanes = 16;

/* The operation of this width. */
#define GMT_WIDE(operation) _mm512_##operation

GMT_INLINE vec floor_of(vec a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC); }
GMT_INLINE vec absolute(vec a) { return _mm512_abs_ps(a); }
GMT_INLINE vec where_negative(vec x, vec a, vec b) {
    return _mm512_mask_mov_ps(b, _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_LT_OQ), a);
}
GMT_INLINE vec as_floats(bits a) { return _mm512_castsi512_ps(a); }
GMT_INLINE bits lane_numbers() { return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); }
GMT_INLINE bits exclusive(bits a, bits b) { return _mm512_xor_si512(a, b); }
GMT_INLINE vec where_at_least(bits a, bits least, vec value) { return _mm512_maskz_mov_ps(_mm512_cmpge_epu32_mask(a, least), value); }

#include "row_lanes_body.h"
#include "row_ops_body.h"

}  // namespace

const row_ops row_ops::avx512 = loops;

}  // namespace gmt::rows
