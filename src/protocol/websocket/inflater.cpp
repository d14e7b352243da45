#include "protocol/websocket/inflater.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

#include "core/check.hpp"
#include "protocol/websocket/deflate_offer.hpp"

namespace carillon::websocket {
namespace {

/// What §7.2.1 leaves out at the end of every message: an empty stored block, but for its header.
constexpr Bytes kTail("\x00\x00\xFF\xFF", 4);

/// The first guess at how much comes out, in bytes; text shrinks to a third or so.
constexpr std::size_t kLeastRoom = 256;
constexpr std::size_t kUsualRatio = 4;

/// Whether zlib stands between two blocks at an octet's end (`data_type` in zlib.h).
bool is_between_blocks(const z_stream& z) {
  constexpr int kUnusedBits = 63;
  constexpr int kBlockEnd = 128;
  return (z.data_type & kBlockEnd) != 0 && (z.data_type & kUnusedBits) == 0;
}

}  // namespace

struct Inflater::Stream {
  z_stream z{};
};

Inflater::Inflater(int window_bits) : stream_(std::make_unique<Stream>()) {
  const int bits = std::max<int>(window_bits, kLeastWindowBits);
  const int status = ::inflateInit2(&stream_->z, -bits);  // negative: raw DEFLATE
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  CARILLON_CHECK(status == Z_OK);
}

Inflater::~Inflater() {
  ::inflateEnd(&stream_->z);
}

Result<void, ProtocolError> Inflater::inflate(Bytes payload, std::size_t limit_bytes,
                                              std::vector<char>& out) {
  if (payload.empty()) return {};
  const std::size_t begin = out.size();
  TRY(run(payload, begin + limit_bytes, out));
  // A message that was cut takes the tail for its own data.
  const std::size_t end = out.size();
  TRY(run(kTail, begin + limit_bytes, out));
  if (out.size() != end || !is_between_blocks(stream_->z)) {
    return std::unexpected(ProtocolError::InvalidCompression);
  }
  return {};
}

Result<void, ProtocolError> Inflater::run(Bytes input, std::size_t most_bytes,
                                          std::vector<char>& out) {
  z_stream& z = stream_->z;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));  // zlib only reads it
  z.avail_in = static_cast<uInt>(input.size());
  std::size_t room = std::max(kLeastRoom, kUsualRatio * input.size());
  int status = Z_OK;
  do {
    const std::size_t used = out.size();
    // One octet over the limit shows that it is broken.
    room = std::min(room, most_bytes + 1 - used);
    out.reserve(used + room);  // as much, and not a power of two
    out.resize(used + room);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    z.avail_out = static_cast<uInt>(room);
    status = ::inflate(&z, Z_SYNC_FLUSH);
    out.resize(used + room - z.avail_out);
    if (out.size() > most_bytes) return std::unexpected(ProtocolError::MessageTooBig);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_STREAM_END) {
      ::inflateResetKeep(&z);  // a final block ends nothing: what follows may refer to it
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return std::unexpected(ProtocolError::InvalidCompression);
    }
    room = std::max(kLeastRoom, out.size());  // doubles
  } while (status != Z_BUF_ERROR && (z.avail_in > 0 || z.avail_out == 0));
  return {};
}

void Inflater::reset() {
  ::inflateReset(&stream_->z);
}

}  // namespace carillon::websocket
