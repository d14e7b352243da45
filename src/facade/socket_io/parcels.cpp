#include "facade/socket_io/parcels.hpp"

#include <string>
#include <utility>

namespace carillon::facade {

bool SocketIoParcels::takes(const SocketIoTarget& target, const SocketIoPacket& packet) const {
  if (is_empty()) return true;
  return target == waiting_.target && bytes_ + packet.frame.size() <= kMostBytes;
}

void SocketIoParcels::add(const SocketIoTarget& target, SocketIoPacketPtr packet,
                          std::uint64_t number) {
  if (is_empty()) waiting_.target = target;
  bytes_ += packet->frame.size();
  waiting_.packets.push_back(std::move(packet));
  waiting_.last_number = number;
}

SocketIoParcels::Waiting SocketIoParcels::take() {
  bytes_ = 0;
  return std::exchange(waiting_, {});
}

SocketIoParcelPtr make_parcel(std::vector<SocketIoPacketPtr> packets) {
  SharedBytes frames;
  if (packets.size() > 1) {
    std::string all;
    for (const SocketIoPacketPtr& each : packets) all.append(each->frame.view());
    frames = SharedBytes(all);
  }
  return std::make_shared<const SocketIoParcel>(std::move(packets), std::move(frames));
}

}  // namespace carillon::facade
