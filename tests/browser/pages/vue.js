// A shop as Vue with its router builds it.
import { createApp, onMounted, ref, watch } from "vue";
import { createRouter, createWebHistory, useRoute } from "vue-router";

const json = async (path) => (await fetch(path)).json();

const Product = {
  template: `<h1>Product {{ route.params.id }}</h1><p>{{ product ? "in stock" : "wait" }}</p><p id="reviews">{{ reviews ? "reviewed" : "wait" }}</p>`,
  setup() {
    const route = useRoute();
    const product = ref(null);
    const reviews = ref(null);
    const load = async () => {
      product.value = await json(`/api/products/${route.params.id}?delay=60`);
      reviews.value = await json(`/api/reviews/${route.params.id}?delay=60`);
    };
    onMounted(load);
    watch(() => route.params.id, load);
    return { route, product, reviews };
  },
};

const router = createRouter({
  history: createWebHistory("/vue"),
  routes: [
    { path: "/", component: { template: "<h1>Welcome Ryan</h1>" } },
    { path: "/about", component: { template: "<h1>About</h1>" } },
    { path: "/product/:id", component: Product },
  ],
});

createApp({
  template: `<nav><router-link to="/">Start</router-link> <router-link to="/about">About us</router-link>
    <router-link to="/product/7">Product seven</router-link></nav><router-view></router-view>`,
})
  .use(router)
  .mount("#root");
