// Compiled by eng/check-c10d-abi.sh against the headers of libtorch: sizes and offsets must hold, and the functions that are called here
// must have the names that abi.h says.
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/version.h>

#include "abi.h"

namespace abi = gmt::abi;
using group = c10d::ProcessGroupGloo;

static_assert(TORCH_VERSION_MAJOR == abi::torch_version >> 56);
static_assert(TORCH_VERSION_MINOR == (abi::torch_version >> 48 & 255));
static_assert(TORCH_VERSION_PATCH == (abi::torch_version >> 40 & 255));

static_assert(sizeof(c10d::TCPStore) == abi::tcp_store_size);
static_assert(sizeof(c10d::FileStore) == abi::file_store_size);
static_assert(sizeof(group) == abi::gloo_group_size);
static_assert(sizeof(group::Options) == abi::gloo_options_size);
static_assert(offsetof(group::Options, devices) == abi::gloo_options_devices);
static_assert(sizeof(c10::intrusive_ptr<c10d::Store>) == sizeof(void *) && sizeof(at::Tensor) == sizeof(void *));

static_assert(sizeof(c10d::TCPStoreOptions) == sizeof(abi::tcp_store_options));
static_assert(offsetof(c10d::TCPStoreOptions, isServer) == offsetof(abi::tcp_store_options, is_server));
static_assert(offsetof(c10d::TCPStoreOptions, numWorkers) == offsetof(abi::tcp_store_options, worker_count));
static_assert(offsetof(c10d::TCPStoreOptions, waitWorkers) == offsetof(abi::tcp_store_options, waits_for_workers));
static_assert(offsetof(c10d::TCPStoreOptions, timeout) == offsetof(abi::tcp_store_options, timeout));
static_assert(offsetof(c10d::TCPStoreOptions, multiTenant) == offsetof(abi::tcp_store_options, multi_tenant));
static_assert(offsetof(c10d::TCPStoreOptions, masterListenFd) == offsetof(abi::tcp_store_options, listening_socket));
static_assert(offsetof(c10d::TCPStoreOptions, useLibUV) == offsetof(abi::tcp_store_options, uses_libuv));

static_assert(sizeof(c10d::AllreduceOptions) == sizeof(abi::allreduce_options));
static_assert(offsetof(c10d::ReduceOp, op_) == offsetof(abi::allreduce_options, operation));
static_assert(offsetof(c10d::ReduceOp, supplement_) == offsetof(abi::allreduce_options, operation_supplement));
static_assert(offsetof(c10d::AllreduceOptions, timeout) == offsetof(abi::allreduce_options, timeout));
static_assert(offsetof(c10d::AllreduceOptions, asyncOp) == offsetof(abi::allreduce_options, is_asynchronous));
static_assert(offsetof(c10d::AllreduceOptions, sparseIndices) == offsetof(abi::allreduce_options, sparse_indices));
static_assert(c10d::ReduceOp::SUM == 0 && c10::ScalarType::Float == c10::ScalarType(abi::type_float32));

void use(std::vector<at::Tensor> &tensors, std::chrono::milliseconds time) {
    const c10d::TCPStore store(std::string(), c10d::TCPStoreOptions());
    const c10d::FileStore file(std::string(), 1);
    const group::Options options(time);
    group::createDeviceForHostname("", false);
    group made(c10::intrusive_ptr<c10d::Store>(), 0, 1, c10::intrusive_ptr<group::Options>());
    made.group::allreduce(tensors, c10d::AllreduceOptions())->c10d::Work::wait(time);
}
