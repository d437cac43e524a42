// The benchmark's lines as one plain OpenMP program: what the machine can do. Prints "key seconds", the best of several.
// Arguments: lines as key:size[:size]. Output buffers are made once and reused.
#include <omp.h>
#include <parallel/algorithm>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>
using std::size_t;
using Doubles = std::vector<double>;

static uint64_t state = 88172645463325252u;
static double uniform() {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (state >> 11) * 0x1p-53;
}
static Doubles randoms(size_t n) {
    Doubles v(n);
    for (double &x : v) x = uniform();
    return v;
}
static volatile double sink;

static double best(int runs, const std::function<void()> &before, const std::function<void()> &work) {
    double least = 1e300;
    for (int r = 0; r <= runs; r++) {
        before();
        auto start = std::chrono::steady_clock::now();
        work();
        double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        if (r > 0 || runs == 0) least = std::min(least, s);
    }
    return least;
}
static double best(int runs, const std::function<void()> &work) { return best(runs, [] {}, work); }

static double elementwise(size_t n, bool trig) {
    Doubles a = randoms(n), b = randoms(n), c = randoms(n), d(n);
    for (double &x : b) x += 0.5;
    int repeats = n <= 100000 ? 1000 : 1;
    return best(5, [&] {
        for (int k = 0; k < repeats; k++) {
            if (trig) {
#pragma omp parallel for simd
                for (size_t i = 0; i < n; i++) {
                    double s = std::sin(a[i]), t = std::cos(b[i]);
                    d[i] = s * s + t * t * 3 - a[i] / b[i];
                }
            } else {
#pragma omp parallel for simd
                for (size_t i = 0; i < n; i++) d[i] = 2 * a[i] + 3 * b[i] - c[i];
            }
            sink = d[n / 2];
        }
    }) / repeats;
}

static double total(const Doubles &a) {
    double s = 0;
#pragma omp parallel for simd reduction(+ : s)
    for (size_t i = 0; i < a.size(); i++) s += a[i];
    return s;
}
static double deviation(size_t n) {
    Doubles a = randoms(n);
    return best(5, [&] {
        double s = 0, q = 0, first = a[0];
#pragma omp parallel for simd reduction(+ : s, q)
        for (size_t i = 0; i < n; i++) {
            double x = a[i] - first;
            s += x, q += x * x;
        }
        sink = std::sqrt((q - s * s / n) / n);
    });
}
static double over_rows(size_t n, size_t m, bool squares) {
    Doubles a = randoms(n * m), sums(m), squared(m);
    return best(5, [&] {
#pragma omp parallel for
        for (size_t block = 0; block < m; block += 1000) {
            size_t end = std::min(m, block + 1000);
            std::fill(&sums[block], &sums[0] + end, 0.0);
            std::fill(&squared[block], &squared[0] + end, 0.0);
            for (size_t i = 0; i < n; i++)
#pragma omp simd
                for (size_t j = block; j < end; j++) {
                    double x = a[i * m + j];
                    sums[j] += x;
                    if (squares) squared[j] += x * x;
                }
        }
        sink = sums[0] + squared[0];
    });
}
static double jacobi(size_t n) {
    Doubles u(n * n), v;
    std::fill(u.begin(), u.begin() + n, 1.0);
    v = u;
    return best(3, [&] {
        for (int k = 0; k < 100; k++) {
            const double *p = u.data();
            double *q = v.data();
#pragma omp parallel for
            for (size_t i = 1; i < n - 1; i++)
#pragma omp simd
                for (size_t j = 1; j < n - 1; j++)
                    q[i * n + j] = 0.25 * (p[(i + 1) * n + j] + p[(i - 1) * n + j] + p[i * n + j + 1] + p[i * n + j - 1]);
            u.swap(v);
        }
        sink = u[n + 1];
    });
}
static double transpose(size_t n) {
    Doubles a = randoms(n * n), d(n * n);
    constexpr size_t T = 32;
    return best(5, [&] {
#pragma omp parallel for collapse(2)
        for (size_t i0 = 0; i0 < n; i0 += T)
            for (size_t j0 = 0; j0 < n; j0 += T)
                for (size_t j = j0; j < std::min(n, j0 + T); j++)
                    for (size_t i = i0; i < std::min(n, i0 + T); i++) d[j * n + i] = a[i * n + j];
        sink = d[1];
    });
}
static double gather(size_t n, size_t m) {
    Doubles a = randoms(n), d(m);
    std::vector<int64_t> at(m);
    for (auto &i : at) i = int64_t(uniform() * n);
    return best(5, [&] {
#pragma omp parallel for
        for (size_t i = 0; i < m; i++) d[i] = a[at[i]];
        sink = d[m / 2];
    });
}
static double pi(size_t n) {
    return best(2, [&] {
        int64_t inside = 0;
#pragma omp parallel reduction(+ : inside)
        {
            constexpr int L = 16;
            uint32_t x[L], y[L];
            for (int l = 0; l < L; l++) x[l] = 12345 + 77 * l + 1000003 * omp_get_thread_num(), y[l] = x[l] ^ 0x9e3779b9;
#pragma omp for
            for (size_t i = 0; i < n / L; i++) {
                int hits = 0;
#pragma omp simd reduction(+ : hits)
                for (int l = 0; l < L; l++) {
                    x[l] ^= x[l] << 13, x[l] ^= x[l] >> 17, x[l] ^= x[l] << 5;
                    y[l] ^= y[l] << 13, y[l] ^= y[l] >> 17, y[l] ^= y[l] << 5;
                    float u = (x[l] >> 8) * 0x1p-24f, v = (y[l] >> 8) * 0x1p-24f;
                    hits += u * u + v * v < 1;
                }
                inside += hits;
            }
        }
        sink = 4.0 * inside / n;
    });
}
static double julia(size_t n) {
    std::vector<int> count(n * n);
    return best(2, [&] {
        double step = 3.0 / (n - 1);
#pragma omp parallel for schedule(dynamic, 8)
        for (size_t i = 0; i < n; i++)
#pragma omp simd
            for (size_t j = 0; j < n; j++) {
                double x = -1.5 + j * step, y = -1.5 + i * step;
                int k = 0;
                for (int it = 0; it < 100; it++) {
                    bool in = x * x + y * y < 4.0;
                    k += in;
                    double u = x * x - y * y - 0.8, v = 2 * x * y + 0.156;
                    x = in ? u : x, y = in ? v : y;
                }
                count[i * n + j] = k;
            }
        sink = count[n / 2];
    });
}
static double prices(size_t n) {
    Doubles s = randoms(n), k = randoms(n), t = randoms(n), d(n);
    return best(3, [&] {
#pragma omp parallel for simd
        for (size_t i = 0; i < n; i++) {
            double S = 20 + 80 * s[i], K = 20 + 80 * k[i], T = 0.25 + 2 * t[i], root = 0.3 * std::sqrt(T);
            double p = (std::log(S / K) + 0.065 * T) / root, q = p - root;
            d[i] = S * 0.5 * std::erfc(-p * M_SQRT1_2) - K * std::exp(-0.02 * T) * 0.5 * std::erfc(-q * M_SQRT1_2);
        }
        sink = d[0];
    });
}
static double mask(size_t n) {
    Doubles a = randoms(n), d(n);
    return best(3, [&] {
        std::vector<size_t> starts(omp_get_max_threads() + 1);
#pragma omp parallel
        {
            size_t p = omp_get_num_threads(), r = omp_get_thread_num(), lo = n * r / p, hi = n * (r + 1) / p, c = 0;
            for (size_t i = lo; i < hi; i++) c += a[i] > 0.5;
            starts[r + 1] = c;
#pragma omp barrier
#pragma omp single
            for (size_t q = 0; q < p; q++) starts[q + 1] += starts[q];
            double *out = d.data() + starts[r], *stop = d.data() + starts[r + 1];
            for (size_t i = lo; i < hi && out < stop; i++) *out = a[i], out += a[i] > 0.5;
        }
        sink = d[0];
    });
}
static double cumsum(size_t n) {
    Doubles a = randoms(n), d(n);
    return best(3, [&] {
        Doubles starts(omp_get_max_threads() + 1);
#pragma omp parallel
        {
            size_t p = omp_get_num_threads(), r = omp_get_thread_num(), lo = n * r / p, hi = n * (r + 1) / p;
            double s = 0;
#pragma omp simd reduction(+ : s)
            for (size_t i = lo; i < hi; i++) s += a[i];
            starts[r + 1] = s;
#pragma omp barrier
#pragma omp single
            for (size_t q = 0; q < p; q++) starts[q + 1] += starts[q];
            double x = starts[r];
            for (size_t i = lo; i < hi; i++) d[i] = x += a[i];
        }
        sink = d[n - 1];
    });
}
static double triad(size_t n) {
    Doubles a = randoms(n), b = randoms(n), c(n);
    return best(5, [&] {
#pragma omp parallel for simd
        for (size_t i = 0; i < n; i++) c[i] = a[i] + 3 * b[i];
        sink = c[1];
    });
}

int main(int argc, char **argv) {
    std::map<std::string, std::function<double(size_t, size_t)>> lines = {
        {"linear", [](size_t n, size_t) { return elementwise(n, false); }},
        {"trig", [](size_t n, size_t) { return elementwise(n, true); }},
        {"linear_small", [](size_t n, size_t) { return elementwise(n, false); }},
        {"trig_small", [](size_t n, size_t) { return elementwise(n, true); }},
        {"sum", [](size_t n, size_t) { Doubles a = randoms(n); return best(5, [&] { sink = total(a); }); }},
        {"mean", [](size_t n, size_t) { Doubles a = randoms(n); return best(5, [&] { sink = total(a) / n; }); }},
        {"std", [](size_t n, size_t) { return deviation(n); }},
        {"sum0", [](size_t n, size_t m) { return over_rows(n, m, false); }},
        {"std0", [](size_t n, size_t m) { return over_rows(n, m, true); }},
        {"jacobi", [](size_t n, size_t) { return jacobi(n); }},
        {"jacobi_small", [](size_t n, size_t) { return jacobi(n); }},
        {"sort", [](size_t n, size_t) { Doubles a = randoms(n), d; return best(2, [&] { d = a; }, [&] { __gnu_parallel::sort(d.begin(), d.end()); }); }},
        {"transpose", [](size_t n, size_t) { return transpose(n); }},
        {"gather", gather},
        {"pi", [](size_t n, size_t) { return pi(n); }},
        {"julia", [](size_t n, size_t) { return julia(n); }},
        {"julia_loop", [](size_t n, size_t) { return julia(n); }},
        {"prices", [](size_t n, size_t) { return prices(n); }},
        {"mask", [](size_t n, size_t) { return mask(n); }},
        {"cumsum", [](size_t n, size_t) { return cumsum(n); }},
        {"triad", [](size_t n, size_t) { return triad(n); }},
    };
    for (int i = 1; i < argc; i++) {
        std::string word = argv[i], key = word.substr(0, word.find(':'));
        auto line = lines.find(key);
        if (line == lines.end()) continue;
        char *end = nullptr;
        size_t n = std::strtoull(word.c_str() + key.size() + 1, &end, 10);
        size_t m = *end == ':' ? std::strtoull(end + 1, nullptr, 10) : 0;
        std::printf("%s %.9f\n", key.c_str(), line->second(n, m));
        std::fflush(stdout);
    }
}
