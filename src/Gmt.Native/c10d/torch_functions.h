#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "abi.h"
#include "shared_object.h"

namespace gmt {

/* libtorch is not there, or not the one that this library was written for. */
struct refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/* The functions of libtorch that are used, as abi.h has them. Member functions take the object first. */
struct torch_functions {
    std::int32_t (*wrap)(void *data, std::int64_t dimensions, const std::int64_t *sizes, const std::int64_t *strides, std::int64_t offset,
                         std::int32_t type, std::int32_t device_type, std::int32_t device, void **tensor);
    std::int32_t (*unwrap)(void *tensor);
    const void *reduce_table;
    void (*make_tcp_store)(void *memory, std::string host, const abi::tcp_store_options &options);
    void (*make_file_store)(void *memory, std::string path, int workers);
    void (*make_options)(void *memory, std::chrono::milliseconds timeout);
    std::shared_ptr<void> (*make_device)(const std::string &host, bool lazy);
    void (*make_group)(void *memory, const shared_object &store, int rank, int size, shared_object options);
    shared_object (*allreduce)(void *group, std::vector<void *> &tensors, const abi::allreduce_options &options);
    bool (*wait)(void *work, std::chrono::milliseconds timeout);

    /* Those of the libtorch in the process; throws refused. */
    static const torch_functions &get();
};

}  // namespace gmt
