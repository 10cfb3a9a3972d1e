#include "group.h"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

#include "quiet_output.h"

namespace gmt {

namespace {

/* A duplicate of the caller's socket, until libtorch takes it. */
class owned_socket {
  public:
    explicit owned_socket(int socket) : socket_(socket >= 0 ? fcntl(socket, F_DUPFD_CLOEXEC, 0) : -1) {}
    owned_socket(const owned_socket &) = delete;
    owned_socket &operator=(const owned_socket &) = delete;
    ~owned_socket() {
        if (socket_ >= 0) {
            close(socket_);
        }
    }
    int release() { return std::exchange(socket_, -1); }

  private:
    int socket_;
};

/* A tensor over the caller's memory. */
class tensor_view {
  public:
    tensor_view(const torch_functions &torch, float *values, std::int64_t count) : torch_(torch) {
        const std::int64_t stride = 1;
        if (torch.wrap(values, 1, &count, &stride, 0, abi::type_float32, abi::device_cpu, 0, &tensor_) != 0) {
            throw std::runtime_error("the values could not be made a tensor");
        }
    }
    tensor_view(const tensor_view &) = delete;
    tensor_view &operator=(const tensor_view &) = delete;
    ~tensor_view() { torch_.unwrap(tensor_); }

    /* What an at::Tensor holds: a pointer that counts. */
    void *content() const { return *static_cast<void **>(tensor_); }

  private:
    const torch_functions &torch_;
    void *tensor_ = nullptr;
};

shared_object make_store(const torch_functions &torch, const gmt_c10d_options &options, owned_socket &listening) {
    if (options.file != nullptr) {
        return shared_object::make(abi::file_store_size, torch.make_file_store, std::string(options.file), options.size);
    }

    abi::tcp_store_options store;
    store.port = static_cast<std::uint16_t>(options.port);
    store.is_server = options.rank == 0;
    store.waits_for_workers = false;
    store.timeout = std::chrono::milliseconds(options.connect_milliseconds);
    if (options.rank == 0) {
        store.listening_socket = listening.release();
    }

    return shared_object::make(abi::tcp_store_size, torch.make_tcp_store, std::string(options.host), store);
}

shared_object make_group(const torch_functions &torch, const gmt_c10d_options &options) {
    const quiet_output quiet;
    owned_socket listening(options.listening);
    const std::chrono::milliseconds timeout(options.connect_milliseconds);
    const shared_object store = make_store(torch, options, listening);
    const shared_object group_options = shared_object::make(abi::gloo_options_size, torch.make_options, timeout);
    auto *devices =
        reinterpret_cast<std::vector<std::shared_ptr<void>> *>(static_cast<char *>(group_options.get()) + abi::gloo_options_devices);
    devices->push_back(torch.make_device(std::string(options.address), false));
    return shared_object::make(abi::gloo_group_size, torch.make_group, store, options.rank, options.size, group_options);
}

}  // namespace

}  // namespace gmt

gmt_c10d_group::gmt_c10d_group(const gmt::torch_functions &torch, const gmt_c10d_options &options)
    : torch_(torch), timeout_(options.sum_milliseconds), group_(gmt::make_group(torch, options)) {}

void gmt_c10d_group::sum(float *values, std::int64_t count) const {
    const gmt::tensor_view view(torch_, values, count);
    std::vector<void *> tensors{view.content()};
    gmt::abi::allreduce_options options;
    options.operation_table = static_cast<const char *>(torch_.reduce_table) + 2 * sizeof(void *);  // after offset and type
    options.timeout = timeout_;
    const gmt::shared_object work = torch_.allreduce(group_.get(), tensors, options);
    torch_.wait(work.get(), std::chrono::milliseconds(0));  // until it is done or its time is over
}
