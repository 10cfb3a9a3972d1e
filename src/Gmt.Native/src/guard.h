#pragma once

#include <new>

#include "gmt.h"
#include "intern_table.h"

namespace gmt {

/* Runs the body of a function of the C interface: exceptions end here, as a status. */
template <class Body>
gmt_status guard(Body body) noexcept {
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return GMT_OUT_OF_MEMORY;
    } catch (const too_large &) {
        return GMT_TOO_LARGE;
    } catch (...) {
        return GMT_UNEXPECTED;
    }
}

}  // namespace gmt
