#include <algorithm>
#include <cstring>
#include <exception>
#include <stdexcept>

#include "group.h"

namespace {

void say(const char *text, char *message, int32_t length) noexcept {
    if (message == nullptr || length <= 0) {
        return;
    }

    // libtorch's own messages go on with a trace of calls.
    const std::size_t end = std::min(std::strcspn(text, "\n"), static_cast<std::size_t>(length - 1));
    std::memcpy(message, text, end);
    message[end] = 0;
}

/* Runs the body of a function of the C interface: exceptions end here. */
template <class Body>
gmt_c10d_status guard(char *message, int32_t length, Body body) noexcept {
    try {
        body();
        return GMT_C10D_OK;
    } catch (const std::invalid_argument &e) {
        say(e.what(), message, length);
        return GMT_C10D_BAD_ARGUMENT;
    } catch (const gmt::refused &e) {
        say(e.what(), message, length);
        return GMT_C10D_REFUSED;
    } catch (const std::exception &e) {
        say(e.what(), message, length);
        return GMT_C10D_FAILED;
    } catch (...) {
        say("libtorch threw something unknown", message, length);
        return GMT_C10D_FAILED;
    }
}

void check(bool is_so, const char *otherwise) {
    if (!is_so) {
        throw std::invalid_argument(otherwise);
    }
}

}  // namespace

int32_t gmt_c10d_abi_version(void) { return GMT_C10D_ABI_VERSION; }

gmt_c10d_status gmt_c10d_check(char *message, int32_t length) {
    return guard(message, length, [] { gmt::torch_functions::get(); });
}

gmt_c10d_status gmt_c10d_connect(const gmt_c10d_options *options, gmt_c10d_group **group, char *message, int32_t length) {
    return guard(message, length, [=] {
        check(options != nullptr && group != nullptr, "options and group may not be null");
        check(options->size >= 1 && options->rank >= 0 && options->rank < options->size, "a rank is from 0 to the size of the group");
        check(options->address != nullptr && options->connect_milliseconds > 0 && options->sum_milliseconds > 0,
              "an address and time-outs are needed");
        check(options->file != nullptr || (options->host != nullptr && options->port > 0 && options->port < 65536 &&
                                           (options->rank == 0) == (options->listening >= 0)),
              "a store needs a file, or a host, a port and in rank 0 a listening socket");
        *group = new gmt_c10d_group(gmt::torch_functions::get(), *options);
    });
}

gmt_c10d_status gmt_c10d_sum(gmt_c10d_group *group, float *values, int64_t count, char *message, int32_t length) {
    return guard(message, length, [=] {
        check(group != nullptr && values != nullptr && count > 0, "a group and values are needed");
        group->sum(values, count);
    });
}

void gmt_c10d_free(gmt_c10d_group *group) { delete group; }
