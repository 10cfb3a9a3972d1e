#include <math.h>
#include <string.h>

#include "inline.h"
#include "path_ops.h"

namespace gmt::paths {
namespace {

/* For any processor. Without a fused multiplication results differ in the last bits. */
#if defined(__GNUC__)
typedef float vec __attribute__((vector_size(64)));
#else
struct vec {
    float at[16];
    float &operator[](int i) { return at[i]; }
    float operator[](int i) const { return at[i]; }
};
#endif

constexpr int gather_vecs = 1, tile_vecs = 1, tile_rows = 2, outer_vecs = 1;

GMT_INLINE void prefetch(const float *) {}

GMT_INLINE vec load(const float *from) {
    vec result;
    memcpy(&result, from, sizeof result);
    return result;
}
GMT_INLINE void store(float *to, const vec &a) { memcpy(to, &a, sizeof a); }
#if defined(__GNUC__)
GMT_INLINE vec zero() { return vec{}; }
GMT_INLINE vec broadcast(const float *from) { return vec{} + *from; }
GMT_INLINE vec add(const vec &a, const vec &b) { return a + b; }
GMT_INLINE vec mul(const vec &a, const vec &b) { return a * b; }
GMT_INLINE vec multiply_add(const vec &a, const vec &b, const vec &c) { return a * b + c; }

/* Not a number stays what it is. */
GMT_INLINE vec positive(const vec &a) { return a < 0 ? vec{} : a; }

/* What is not a number counts as positive. */
GMT_INLINE vec where_positive(const vec &a, const vec &b) { return a <= 0 ? vec{} : b; }
#else
template <class Operation>
GMT_INLINE vec each(Operation operation) {
    vec result;
    for (int i = 0; i < 16; i++) {
        result[i] = operation(i);
    }

    return result;
}

GMT_INLINE vec broadcast(const float *from) {
    return each([value = *from](int) { return value; });
}
GMT_INLINE vec zero() {
    return each([](int) { return 0.0f; });
}
GMT_INLINE vec add(const vec &a, const vec &b) {
    return each([&](int i) { return a[i] + b[i]; });
}
GMT_INLINE vec mul(const vec &a, const vec &b) {
    return each([&](int i) { return a[i] * b[i]; });
}
GMT_INLINE vec multiply_add(const vec &a, const vec &b, const vec &c) {
    return each([&](int i) { return a[i] * b[i] + c[i]; });
}

/* Not a number stays what it is. */
GMT_INLINE vec positive(const vec &a) {
    return each([&](int i) { return a[i] < 0 ? 0 : a[i]; });
}

/* What is not a number counts as positive. */
GMT_INLINE vec where_positive(const vec &a, const vec &b) {
    return each([&](int i) { return a[i] <= 0 ? 0 : b[i]; });
}
#endif

GMT_INLINE float sum_of(vec a) {
    for (int half = 8; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            a[i] += a[i + half];
        }
    }

    return a[0];
}

#include "path_ops_body.h"
#include "path_training_body.h"

}  // namespace

const path_ops path_ops::portable = loops;

}  // namespace gmt::paths
