#include <math.h>

#include "path_ops.h"
#include "x86_vectors.h"

namespace gmt::paths {
namespace {

using vec = __m512;
constexpr int gather_vecs = 4, tile_vecs = 4, tile_rows = 6, outer_vecs = 4;

GMT_INLINE vec zero() { return _mm512_setzero_ps(); }
GMT_INLINE vec load(const float *from) { return _mm512_loadu_ps(from); }
GMT_INLINE void store(float *to, vec a) { _mm512_storeu_ps(to, a); }
GMT_INLINE vec broadcast(const float *from) { return _mm512_set1_ps(*from); }
GMT_INLINE vec add(vec a, vec b) { return _mm512_add_ps(a, b); }
GMT_INLINE vec mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
GMT_INLINE vec multiply_add(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }

/* Not a number stays what it is: of two operands max gives the second where they cannot be compared. */
GMT_INLINE vec positive(vec a) { return _mm512_max_ps(_mm512_setzero_ps(), a); }

/* What is not a number counts as positive. */
GMT_INLINE vec where_positive(vec a, vec b) { return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_NLE_UQ), b); }

GMT_INLINE float sum_of(vec a) {
    return sum_of_eight(_mm256_add_ps(_mm512_castps512_ps256(a), _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a), 1))));
}

#include "path_ops_body.h"
#include "path_training_body.h"

}  // namespace

const path_ops path_ops::avx512 = loops;

}  // namespace gmt::paths
