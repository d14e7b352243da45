// Valid requests, some of them unusual: what a strict server must still accept.
#pragma once

#include <array>

#include "core/bytes.hpp"

namespace carillon::http1::testing {

struct Accepted {
  const char* name;
  Bytes octets;
  Bytes body;
};

inline constexpr std::array kAccepted{
    Accepted{"small GET", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", ""},
    Accepted{"one empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", ""},
    Accepted{"four empty lines first", "\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", ""},
    Accepted{"unknown method", "brew~! /pot HTTP/1.1\r\nHost: a\r\n\r\n", ""},
    Accepted{"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", ""},
    Accepted{"a higher minor version", "GET / HTTP/1.9\r\nHost: a\r\n\r\n", ""},
    Accepted{"absolute form", "GET HTTP://b:8/c?d HTTP/1.1\r\nHost: a\r\n\r\n", ""},
    Accepted{"absolute form, empty Host", "GET http://b HTTP/1.1\r\nHost:\r\n\r\n", ""},
    Accepted{"authority form", "CONNECT b:443 HTTP/1.1\r\nHost: b\r\n\r\n", ""},
    Accepted{"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", ""},
    Accepted{"what browsers do not encode", "GET /a[b]|^?c={d}[]|\\^` HTTP/1.1\r\nHost: a\r\n\r\n",
             ""},
    Accepted{"every sub-delimiter",
             "GET /-._~!$&'()*+,;=:@%41?/?:@-._~!$&'()*+,;=%e4 HTTP/1.1\r\nHost: a\r\n\r\n", ""},
    Accepted{"IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n", ""},
    Accepted{"Host with an empty port", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n", ""},
    Accepted{"no blank after the colon", "GET / HTTP/1.1\r\nHost:a\r\nX:b\r\n\r\n", ""},
    Accepted{"blanks around a value", "GET / HTTP/1.1\r\nHost: \t a \t\r\nX: \t \r\n\r\n", ""},
    Accepted{"empty value", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n", ""},
    Accepted{"tab and obs-text in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: b\tc \x80\xFF\r\n\r\n",
             ""},
    Accepted{"every token character in a name",
             "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~09az: b\r\n\r\n", ""},
    Accepted{"length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "hello"},
    Accepted{"length of zero", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", ""},
    Accepted{"length with leading zeros",
             "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0005\r\n\r\nhello", "hello"},
    Accepted{"length in HTTP/1.0", "POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello", "hello"},
    Accepted{"GET with a body", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n\n", "\n"},
    Accepted{"chunked",
             "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
             "5\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\n\r\n",
             "hello 0123456789"},
    Accepted{"chunked, in capitals and after a tab",
             "POST / HTTP/1.1\r\nHost: a\r\ntRANSFER-eNCODING:\tCHUNKED \r\n\r\n"
             "00005\r\n\r\n\r\n\r\r\n000\r\n\r\n",
             "\r\n\r\n\r"},
    Accepted{"chunk extensions",
             "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
             "1;a;b=c;d=\"e;\\\"f\"\r\nx\r\n1 ;\ta = b ; c\t=\t\"\"\r\ny\r\n0;z\r\n\r\n",
             "xy"},
    Accepted{"trailers, dropped",
             "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
             "1\r\nx\r\n0\r\nContent-Length: 9\r\nHost: evil\r\nX: y\r\n\r\n",
             "x"},
};

}  // namespace carillon::http1::testing
