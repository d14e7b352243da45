#include "hub/publication.hpp"

#include <gtest/gtest.h>

namespace carillon::hub {
namespace {

PublicationPtr with_data(std::size_t size) {
  PublicationDraft draft;
  draft.channel = "chat";
  draft.data = std::string(size, 'x');
  return make_publication(std::move(draft), PublicationKind::Kept, {}, {});
}

TEST(Publication, ItsFootprintCountsWhatLiesOutsideOfIt) {
  const std::size_t small = with_data(1)->footprint_bytes();
  EXPECT_GE(small, sizeof(Publication));
  EXPECT_EQ(with_data(15)->footprint_bytes(), small) << "a short string lies inside";
  EXPECT_GE(with_data(10'000)->footprint_bytes(), small + 10'000);
  EXPECT_LT(with_data(10'000)->footprint_bytes(), small + 20'100);
}

}  // namespace
}  // namespace carillon::hub
