// Addresses in attributes, as they are and XORed (RFC 8489 §14.1, §14.2).
#pragma once

#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "protocol/stun/transport_address.hpp"

namespace carillon::stun {

/// Reads the value of XOR-MAPPED-ADDRESS, XOR-PEER-ADDRESS or XOR-RELAYED-ADDRESS.
/// Shape: empty for an unknown family and for a length that is not the family's.
std::optional<TransportAddress> read_xor_address(Bytes value, Bytes transaction_id);

void append_xor_address(std::string& out, const TransportAddress& address, Bytes transaction_id);

}  // namespace carillon::stun
