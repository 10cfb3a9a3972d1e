#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

/*
 * All that libGmtC10d takes for granted of libtorch: its version, names, sizes and offsets, of 2.10.0 built for Linux with the C++11
 * strings of libstdc++. The packages of libtorch have no headers, so this is the one place that stands for them. eng/check-c10d-abi.sh
 * compares it with the library itself, and with the headers where there are some.
 */
namespace gmt::abi {

/* major, minor and patch in the three highest bytes: what aoti_torch_abi_version() gives. */
inline constexpr std::uint64_t torch_version = 0x020A'0000'0000'0000;

/* Sizes of objects, in bytes. */
inline constexpr std::size_t tcp_store_size = 216;
inline constexpr std::size_t file_store_size = 296;
inline constexpr std::size_t gloo_options_size = 144;
inline constexpr std::size_t gloo_group_size = 488;

/* ProcessGroupGloo::Options: std::chrono::milliseconds timeout, std::vector<std::shared_ptr<gloo::transport::Device>> devices. */
inline constexpr std::size_t gloo_options_devices = 112;

/* An object of libtorch that several own: a table of virtual functions, and how many strong (low half) and weak references it has. */
inline constexpr std::size_t counts_offset = 8;
inline constexpr std::uint64_t strong_one = 1, weak_one = std::uint64_t{1} << 32;
inline constexpr std::size_t slot_of_delete = 1, slot_of_release = 2;

/* c10d::TCPStoreOptions */
struct tcp_store_options {
    std::uint16_t port = 29500;
    bool is_server = false;
    std::optional<std::size_t> worker_count;
    bool waits_for_workers = true;
    std::chrono::milliseconds timeout{};
    bool multi_tenant = false;
    std::optional<int> listening_socket;
    bool uses_libuv = true;
};
static_assert(offsetof(tcp_store_options, is_server) == 2);
static_assert(offsetof(tcp_store_options, worker_count) == 8);
static_assert(offsetof(tcp_store_options, waits_for_workers) == 24);
static_assert(offsetof(tcp_store_options, timeout) == 32);
static_assert(offsetof(tcp_store_options, multi_tenant) == 40);
static_assert(offsetof(tcp_store_options, listening_socket) == 44);
static_assert(offsetof(tcp_store_options, uses_libuv) == 52);
static_assert(sizeof(tcp_store_options) == 56);

/* c10d::AllreduceOptions, whose first member is a c10d::ReduceOp of 32 bytes. The operation 0 is the sum. */
struct allreduce_options {
    const void *operation_table = nullptr;
    std::uint64_t operation_counts = 0;
    std::uint8_t operation = 0;
    const void *operation_supplement = nullptr;
    std::chrono::milliseconds timeout{};
    bool is_asynchronous = true;
    std::optional<const void *> sparse_indices;
};
static_assert(offsetof(allreduce_options, operation) == 16);
static_assert(offsetof(allreduce_options, operation_supplement) == 24);
static_assert(offsetof(allreduce_options, timeout) == 32);
static_assert(offsetof(allreduce_options, is_asynchronous) == 40);
static_assert(offsetof(allreduce_options, sparse_indices) == 48);
static_assert(sizeof(allreduce_options) == 64);

/* What aoti_torch_create_tensor_from_blob calls them. */
inline constexpr std::int32_t type_float32 = 6, device_cpu = 0;

/* Functions, in libtorch_cpu.so. */
inline constexpr const char *library = "libtorch_cpu.so";
inline constexpr const char *version_name = "aoti_torch_abi_version";
inline constexpr const char *wrap_name = "aoti_torch_create_tensor_from_blob";
inline constexpr const char *unwrap_name = "aoti_torch_delete_tensor_object";
inline constexpr const char *reduce_table_name = "_ZTVN4c10d8ReduceOpE";
/* c10d::TCPStore::TCPStore(std::string host, const TCPStoreOptions &) */
inline constexpr const char *tcp_store_name =
    "_ZN4c10d8TCPStoreC1ENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEERKNS_15TCPStoreOptionsE";
/* c10d::FileStore::FileStore(std::string path, int workers) */
inline constexpr const char *file_store_name = "_ZN4c10d9FileStoreC1ENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEi";
/* c10d::ProcessGroupGloo::Options::Options(std::chrono::milliseconds) */
inline constexpr const char *gloo_options_name = "_ZN4c10d16ProcessGroupGloo7OptionsC1ENSt6chrono8durationIlSt5ratioILl1ELl1000EEEE";
/* static std::shared_ptr<gloo::transport::Device> c10d::ProcessGroupGloo::createDeviceForHostname(const std::string &, bool lazy) */
inline constexpr const char *gloo_device_name =
    "_ZN4c10d16ProcessGroupGloo23createDeviceForHostnameERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEb";
/* c10d::ProcessGroupGloo::ProcessGroupGloo(const c10::intrusive_ptr<Store> &, int rank, int size, c10::intrusive_ptr<Options>) */
inline constexpr const char *gloo_group_name =
    "_ZN4c10d16ProcessGroupGlooC1ERKN3c1013intrusive_ptrINS_5StoreENS1_6detail34intrusive_target_default_null_typeIS3_EEEEiiNS2_INS0_"
    "7OptionsENS5_ISA_EEEE";
/* c10::intrusive_ptr<Work> c10d::ProcessGroupGloo::allreduce(std::vector<at::Tensor> &, const AllreduceOptions &) */
inline constexpr const char *gloo_allreduce_name =
    "_ZN4c10d16ProcessGroupGloo9allreduceERSt6vectorIN2at6TensorESaIS3_EERKNS_16AllreduceOptionsE";
/* bool c10d::Work::wait(std::chrono::milliseconds), which Gloo's work does not override */
inline constexpr const char *wait_name = "_ZN4c10d4Work4waitENSt6chrono8durationIlSt5ratioILl1ELl1000EEEE";

}  // namespace gmt::abi
