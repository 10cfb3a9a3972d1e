#include <math.h>
#include <string.h>

#include "inline.h"
#include "row_ops.h"

namespace gmt::rows {
namespace {

/* For any processor. Without a fused multiplication results differ in the last bits. */
constexpr int32_t lanes = 4;

template <class Number>
struct four {
    Number at[lanes];
};

using vec = four<float>;
using bits = four<uint32_t>;

template <class Result, class Operation>
GMT_INLINE Result each(Operation operation) {
    Result result;
    for (int32_t i = 0; i < lanes; i++) {
        result.at[i] = operation(i);
    }

    return result;
}

GMT_INLINE vec load(const float *from) {
    return each<vec>([=](int32_t i) { return from[i]; });
}
GMT_INLINE void store(float *to, const vec &a) { memcpy(to, a.at, sizeof a.at); }
GMT_INLINE vec splat(float a) {
    return each<vec>([=](int32_t) { return a; });
}
GMT_INLINE vec add(const vec &a, const vec &b) {
    return each<vec>([&](int32_t i) { return a.at[i] + b.at[i]; });
}
GMT_INLINE vec subtract(const vec &a, const vec &b) {
    return each<vec>([&](int32_t i) { return a.at[i] - b.at[i]; });
}
GMT_INLINE vec mul(const vec &a, const vec &b) {
    return each<vec>([&](int32_t i) { return a.at[i] * b.at[i]; });
}
GMT_INLINE vec divide(const vec &a, const vec &b) {
    return each<vec>([&](int32_t i) { return a.at[i] / b.at[i]; });
}
GMT_INLINE vec multiply_add(const vec &a, const vec &b, const vec &c) {
    return each<vec>([&](int32_t i) { return a.at[i] * b.at[i] + c.at[i]; });
}
GMT_INLINE vec floor_of(const vec &a) {
    return each<vec>([&](int32_t i) { return floorf(a.at[i]); });
}
GMT_INLINE vec absolute(const vec &a) {
    return each<vec>([&](int32_t i) { return fabsf(a.at[i]); });
}
GMT_INLINE float square_root(float a) { return sqrtf(a); }

/* Not a number stays what it is. */
GMT_INLINE vec largest(const vec &a, const vec &least) {
    return each<vec>([&](int32_t i) { return a.at[i] < least.at[i] ? least.at[i] : a.at[i]; });
}
GMT_INLINE vec where_negative(const vec &x, const vec &a, const vec &b) {
    return each<vec>([&](int32_t i) { return x.at[i] < 0 ? a.at[i] : b.at[i]; });
}

/* 2^n of a whole number n; of what is no number, 1, for it is multiplied by what is none. */
GMT_INLINE vec power_of_two(const vec &n) {
    return each<vec>([&](int32_t i) {
        const uint32_t pattern = (uint32_t)((n.at[i] == n.at[i] ? (int32_t)n.at[i] : 0) + 127) << 23;
        float result;
        memcpy(&result, &pattern, sizeof result);
        return result;
    });
}

GMT_INLINE bits splat_bits(uint32_t a) {
    return each<bits>([=](int32_t) { return a; });
}
GMT_INLINE bits lane_numbers() {
    return each<bits>([](int32_t i) { return (uint32_t)i; });
}
GMT_INLINE bits add(const bits &a, const bits &b) {
    return each<bits>([&](int32_t i) { return a.at[i] + b.at[i]; });
}
GMT_INLINE bits multiply(const bits &a, const bits &b) {
    return each<bits>([&](int32_t i) { return a.at[i] * b.at[i]; });
}
GMT_INLINE bits exclusive(const bits &a, const bits &b) {
    return each<bits>([&](int32_t i) { return a.at[i] ^ b.at[i]; });
}
template <int Count>
GMT_INLINE bits shift_right(const bits &a) {
    return each<bits>([&](int32_t i) { return a.at[i] >> Count; });
}
GMT_INLINE vec where_at_least(const bits &a, const bits &least, const vec &value) {
    return each<vec>([&](int32_t i) { return a.at[i] >= least.at[i] ? value.at[i] : 0.0f; });
}

#include "row_ops_body.h"

}  // namespace

const row_ops row_ops::portable = loops;

}  // namespace gmt::rows
