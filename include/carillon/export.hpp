// What a shared library shows. Everything that is not marked stays inside.
#pragma once

#define CARILLON_API __attribute__((visibility("default")))
