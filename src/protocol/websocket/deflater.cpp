#include "protocol/websocket/deflater.hpp"

#include <zlib.h>

#include <new>

#include "core/check.hpp"

namespace carillon::websocket {
namespace {

constexpr Bytes kTail("\x00\x00\xFF\xFF", 4);

/// zlib's default: 128 KiB for the hash table and the symbols of a block.
constexpr int kMemoryLevel = 8;

/// A sync flush, and the header of a stored block, beyond what zlib bounds a whole stream by.
constexpr std::size_t kFlushBytes = 16;

}  // namespace

struct Deflater::Stream {
  z_stream z{};
};

Deflater::Deflater(int window_bits, int level) : stream_(std::make_unique<Stream>()) {
  // Negative: raw DEFLATE, without zlib's header and checksum.
  const int status = ::deflateInit2(&stream_->z, level, Z_DEFLATED, -window_bits, kMemoryLevel,
                                    Z_DEFAULT_STRATEGY);
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  CARILLON_CHECK(status == Z_OK);
}

Deflater::~Deflater() {
  ::deflateEnd(&stream_->z);
}

void Deflater::deflate(Bytes payload, std::string& out) {
  if (payload.empty()) {
    out.push_back('\0');
    return;
  }
  z_stream& z = stream_->z;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(payload.data()));  // zlib only reads it
  z.avail_in = static_cast<uInt>(payload.size());
  std::size_t used = out.size();
  std::size_t room = ::deflateBound(&z, static_cast<uLong>(payload.size())) + kFlushBytes;
  do {
    out.resize(used + room);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    z.avail_out = static_cast<uInt>(room);
    const int status = ::deflate(&z, Z_SYNC_FLUSH);
    CARILLON_CHECK(status == Z_OK);
    used += room - z.avail_out;
    room = kFlushBytes;
  } while (z.avail_out == 0);
  out.resize(used);
  CARILLON_CHECK(z.avail_in == 0 && out.ends_with(kTail));
  out.resize(used - kTail.size());
}

void Deflater::reset() {
  ::deflateReset(&stream_->z);
}

}  // namespace carillon::websocket
