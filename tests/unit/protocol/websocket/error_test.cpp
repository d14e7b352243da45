#include "protocol/websocket/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace carillon::websocket {
namespace {

const std::vector<ProtocolError> kAll{
    ProtocolError::ReservedBits,
    ProtocolError::UnknownOpcode,
    ProtocolError::UnmaskedClientFrame,
    ProtocolError::MaskedServerFrame,
    ProtocolError::LengthNotMinimal,
    ProtocolError::LengthTooLarge,
    ProtocolError::ControlTooLong,
    ProtocolError::ControlFragmented,
    ProtocolError::UnexpectedContinuation,
    ProtocolError::ExpectedContinuation,
    ProtocolError::MessageTooBig,
    ProtocolError::TooManyFragments,
    ProtocolError::InvalidUtf8,
    ProtocolError::CloseTooShort,
    ProtocolError::InvalidCloseCode,
    ProtocolError::InvalidCompression,
};

TEST(ProtocolError, MapsToTheCloseCodesOfTheRfc) {
  for (const ProtocolError error : kAll) {
    CloseCode expected = CloseCode::ProtocolError;
    if (error == ProtocolError::InvalidUtf8) expected = CloseCode::InvalidPayload;
    if (error == ProtocolError::InvalidCompression) expected = CloseCode::InvalidPayload;
    if (error == ProtocolError::MessageTooBig) expected = CloseCode::MessageTooBig;
    if (error == ProtocolError::TooManyFragments) expected = CloseCode::MessageTooBig;
    EXPECT_EQ(close_code_of(error), expected) << describe(error);
  }
}

TEST(ProtocolError, HasAReasonOfItsOwnForEachThatFitsIntoACloseFrame) {
  std::set<std::string_view> reasons;
  for (const ProtocolError error : kAll) {
    EXPECT_FALSE(describe(error).empty());
    EXPECT_LE(describe(error).size(), 123U);
    reasons.insert(describe(error));
  }
  EXPECT_EQ(reasons.size(), kAll.size());
}

}  // namespace
}  // namespace carillon::websocket
