#pragma once

#include <chrono>
#include <cstdint>

#include "gmt_c10d.h"
#include "shared_object.h"
#include "torch_functions.h"

/* Ranks that are connected with each other. */
struct gmt_c10d_group {
    gmt_c10d_group(const gmt::torch_functions &torch, const gmt_c10d_options &options);

    void sum(float *values, std::int64_t count) const;

  private:
    const gmt::torch_functions &torch_;
    std::chrono::milliseconds timeout_;
    gmt::shared_object group_;
};
