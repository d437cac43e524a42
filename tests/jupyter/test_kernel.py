"""Jupyter's own test of kernels, whole."""

import jupyter_kernel_test


class DistArrayTests(jupyter_kernel_test.KernelTests):
    kernel_name = "distarray"
    language_name = "distarray"
    file_extension = ".da"

    code_hello_world = "print('hello, world')"
    code_generate_error = "1 / 0"
    code_page_something = "np.sin?"
    code_inspect_sample = "zeros"
    code_display_data = [{"code": "plot_distribution(arange(6))", "mime": "image/svg+xml"}]
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "arange(3) * 2.5", "result": "array([0. , 2.5, 5. ])"},
        {"code": "7 * 6", "result": "42"},
    ]
    completion_samples = [
        {"text": "%times", "matches": []},
        {"text": "%ti", "matches": ["%time", "%timeit"]},
        {"text": "linspac", "matches": ["linspace"]},
        {"text": "np.arang", "matches": ["arange"]},
    ]
    complete_code_samples = ["1", "print('hello, world')", "def f(x):\n    return x\n\n", "%who", "%%time\n1"]
    incomplete_code_samples = ["print('hello'", "x = (1,", "def f(x):", "for i in range(3):\n    print(i)", "'''text"]
    invalid_code_samples = ["import = 7q", "x = )", "a b"]
    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")

    def setUp(self):
        # `np` is what the samples call it.
        self.flush_channels()
        self.execute_helper("import numpy as np", silent=True, store_history=False)
